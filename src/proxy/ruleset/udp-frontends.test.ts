import assert from "node:assert/strict";
import { test } from "node:test";
import { service, slice } from "../services/objects.testing.ts";
import { servicePorts } from "../services/service-ports.ts";
import { createUdpFrontends, parseFlows } from "./udp-frontends.ts";

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
  const dns = service({
    clusterIP: "10.96.0.10",
    type: "NodePort",
    ports: [{ port: 53, protocol: "UDP", nodePort: 30053 }],
  });
  const slices = [slice(endpoints, { ports: [{ name: "", protocol: "UDP", port: 53 }] })];
  frontends.set("shop/dns", servicePorts(dns, slices, { family: "ip", place: { nodeName: "n1" } }));
  return frontends;
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

test("UDP flows need a look only when a UDP Service changed", () => {
  const frontends = frontendsWith("10.244.2.2");
  assert.equal(frontends.takeChanged(), true);
  assert.equal(frontends.takeChanged(), false);
  frontends.set("shop/web", servicePorts(service(), [], { family: "ip", place: { nodeName: "n1" } }));
  assert.equal(frontends.takeChanged(), false);
  frontends.set("shop/dns", []);
  assert.equal(frontends.takeChanged(), true);
  assert.deepEqual(
    parseFlows(printed).filter((flow) => frontends.isStale(flow)),
    [],
  );
});
