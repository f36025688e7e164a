import assert from "node:assert/strict";
import { test } from "node:test";
import { service, slice } from "../services/objects.testing.ts";
import { servicePorts } from "../services/service-ports.ts";
import { createUdpFrontends, parseFlows, type UdpFrontends } from "./udp-frontends.ts";

const printed = `udp      17 29 src=10.244.1.9 dst=10.96.0.10 sport=5353 dport=53 [UNREPLIED] src=10.244.2.2 dst=10.244.1.9 sport=53 dport=5353 mark=0 use=1
udp      17 118 src=172.30.0.50 dst=172.30.0.1 sport=4000 dport=30053 src=10.244.2.3 dst=172.30.0.1 sport=53 dport=4000 [ASSURED] mark=0 use=1
conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.
`;

test("parseFlows reads what conntrack lists", () => {
  assert.deepEqual(parseFlows(printed), [
    { destination: "10.96.0.10", port: 53, answeredBy: "10.244.2.2" },
    { destination: "172.30.0.1", port: 30053, answeredBy: "10.244.2.3" },
  ]);
});

test("parseFlows answers flows of many clients to one endpoint once: they are ended together", () => {
  const clients = [5353, 5354, 5355].map((port) => (printed.split("\n")[0] ?? "").replaceAll("5353", String(port)));
  assert.deepEqual(parseFlows(clients.join("\n")), [{ destination: "10.96.0.10", port: 53, answeredBy: "10.244.2.2" }]);
});

function frontendsWith(endpoints: string) {
  const frontends = createUdpFrontends();
  set(frontends, endpoints);
  return frontends;
}

/** Gives the Service these endpoints; `undefined` takes it away. */
function set(frontends: UdpFrontends, endpoints: string | undefined): void {
  if (endpoints === undefined) {
    frontends.set("shop/dns", []);
    return;
  }
  const dns = service({
    clusterIP: "10.96.0.10",
    type: "NodePort",
    ports: [{ port: 53, protocol: "UDP", nodePort: 30053 }],
  });
  const slices = [slice(endpoints, { ports: [{ name: "", protocol: "UDP", port: 53 }] })];
  frontends.set("shop/dns", servicePorts(dns, slices, { family: "ip", place: { nodeName: "n1" } }));
}

const cases: { name: string; endpoints: string; stale: string[] }[] = [
  { name: "flows to endpoints that serve stay", endpoints: "10.244.2.2 10.244.2.3", stale: [] },
  { name: "flows to an endpoint that is gone end", endpoints: "10.244.2.2", stale: ["10.244.2.3"] },
  { name: "flows to an endpoint that ends but serves stay", endpoints: "10.244.2.2 10.244.2.3~", stale: [] },
  { name: "a Service without endpoints leaves its flows alone", endpoints: "10.244.2.2!", stale: [] },
];

for (const { name, endpoints, stale } of cases) {
  test(`UDP flows: ${name}`, () => {
    const frontends = frontendsWith(endpoints);
    const found = parseFlows(printed).filter((flow) => frontends.isStale(flow));
    assert.deepEqual(
      found.map(({ answeredBy }) => answeredBy),
      stale,
    );
  });
}

const families: { name: string; slices: string[]; stale: string[] }[] = [
  { name: "endpoints of both", slices: ["10.244.2.2", "fd00:2::2"], stale: ["10.244.2.3", "fd00:2::3"] },
  { name: "endpoints of IPv4 alone", slices: ["10.244.2.2", "fd00:2::2!"], stale: ["10.244.2.3"] },
];

for (const { name, slices, stale } of families) {
  test(`UDP flows to a node port in dual stack, ${name}: each family has its own`, () => {
    const dns = service({
      clusterIP: "10.96.0.10",
      clusterIPs: ["10.96.0.10", "fd00:96::10"],
      type: "NodePort",
      ports: [{ port: 53, protocol: "UDP", nodePort: 30053 }],
    });
    const ports = [{ name: "", protocol: "UDP" as const, port: 53 }];
    const both = slices.map((endpoints) => slice(endpoints, { ports }));
    const frontends = createUdpFrontends();
    frontends.set(
      "shop/dns",
      (["ip", "ip6"] as const).flatMap((family) => servicePorts(dns, both, { family, place: { nodeName: "n1" } })),
    );
    const flows = ["10.244.2.2", "10.244.2.3", "fd00:2::2", "fd00:2::3"].map((answeredBy) => ({
      destination: answeredBy.includes(":") ? "fd00:30::1" : "172.30.0.1",
      port: 30053,
      answeredBy,
    }));
    assert.deepEqual(
      flows.filter((flow) => frontends.isStale(flow)).map(({ answeredBy }) => answeredBy),
      stale,
    );
  });
}

const looks: { name: string; before: string | undefined; after: string | undefined; want: boolean }[] = [
  { name: "a Service is new", before: undefined, after: "10.244.2.2", want: true },
  { name: "a new Service has no endpoints", before: undefined, after: "10.244.2.2!", want: false },
  { name: "a Service gets its first endpoint", before: "10.244.2.2!", after: "10.244.2.2", want: true },
  { name: "a Service gets another endpoint", before: "10.244.2.2", after: "10.244.2.2 10.244.2.3", want: false },
  { name: "an endpoint goes", before: "10.244.2.2 10.244.2.3", after: "10.244.2.2", want: true },
  { name: "an endpoint takes the place of another", before: "10.244.2.2", after: "10.244.2.3", want: true },
  {
    name: "an endpoint ends but serves",
    before: "10.244.2.2 10.244.2.3",
    after: "10.244.2.2 10.244.2.3~",
    want: false,
  },
  { name: "nothing changes", before: "10.244.2.2", after: "10.244.2.2", want: false },
  { name: "the last endpoint goes: its flows are left alone", before: "10.244.2.2", after: "10.244.2.2!", want: false },
  { name: "the Service goes", before: "10.244.2.2", after: undefined, want: false },
];

for (const { name, before, after, want } of looks) {
  test(`UDP flows ${want ? "need a" : "need no"} look when ${name}`, () => {
    const frontends = createUdpFrontends();
    set(frontends, before);
    frontends.takeChanged();
    set(frontends, after);
    assert.deepEqual([frontends.takeChanged(), frontends.takeChanged()], [want, false]);
  });
}

test("flows of a Service that is gone, and of one without UDP, are left alone", () => {
  const frontends = frontendsWith("10.244.2.2");
  assert.equal(frontends.takeChanged(), true);
  frontends.set("shop/web", servicePorts(service(), [], { family: "ip", place: { nodeName: "n1" } }));
  assert.equal(frontends.takeChanged(), false);
  frontends.set("shop/dns", []);
  assert.deepEqual(
    parseFlows(printed).filter((flow) => frontends.isStale(flow)),
    [],
  );
});
