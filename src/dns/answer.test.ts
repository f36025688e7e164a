import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { answer } from "./answer.ts";
import { createNames } from "./names.ts";
import { serviceNames } from "./service-names.ts";
import type { DnsRecord } from "./wire/message.ts";
import { recordTypes } from "./wire/message.ts";

const zone = { clusterDomain: "cluster.local", ttlSeconds: 5, serverAddress: "10.96.0.10", serial: 7 };
const names = createNames(zone.clusterDomain);
for (const namespace of ["shop", "empty"]) names.setNamespace(namespace, true);

function add(name: string, spec: object, ...slices: object[]): void {
  // Only what names are made from.
  const service = { metadata: { name, namespace: "shop" }, spec: { type: "ClusterIP", ...spec } } as unknown as Service;
  names.setService(`shop/${name}`, serviceNames(service, slices as EndpointSlice[]));
}

const http = { name: "http", protocol: "TCP", port: 80 };
const slice = (ports: object[], ...endpoints: object[]) => ({ addressType: "IPv4", ports, endpoints });
const at = (address: string, more: object = {}) => ({ addresses: [address], conditions: { ready: true }, ...more });

add("web", { clusterIPs: ["10.96.0.20", "fd00:10:96::20"], ports: [http, { protocol: "UDP", port: 53 }] });
add("pending", { clusterIPs: [], ports: [http] });
add(
  "db",
  { clusterIPs: ["None"], ports: [http] },
  slice(
    [{ ...http, port: 8080 }],
    at("10.244.0.5", { hostname: "db-0" }),
    at("10.244.0.6"),
    at("10.244.0.7", { conditions: { ready: false } }),
  ),
  slice([{ ...http, port: 9090 }], at("10.244.1.8", { conditions: {} }), at("10.244.0.6")),
);
add(
  "unready",
  { clusterIPs: ["None"], ports: [http] },
  slice([http], at("10.244.0.9", { conditions: { ready: false } })),
);
add("outside", { type: "ExternalName", externalName: "API.example.com." });
add("inside", { type: "ExternalName", externalName: "web.shop.svc.cluster.local" });

const cases: { name: string; ask: string; want: string[] }[] = [
  { name: "a Service's address", ask: "A web.shop.svc", want: ["A 10.96.0.20"] },
  { name: "a Service's other address", ask: "AAAA web.shop.svc", want: ["AAAA fd00:10:96::20"] },
  { name: "a Service without such an address", ask: "AAAA db.shop.svc", want: ["NOERROR"] },
  { name: "a Service without an address yet", ask: "A pending.shop.svc", want: ["NOERROR"] },
  { name: "no such Service", ask: "A other.shop.svc", want: ["NXDOMAIN"] },
  { name: "no such namespace", ask: "A web.other.svc", want: ["NXDOMAIN"] },
  { name: "a search path gone wrong", ask: "A www.example.com.shop.svc", want: ["NXDOMAIN"] },
  { name: "a namespace", ask: "A empty.svc", want: ["NOERROR"] },
  { name: "a namespace that is not there", ask: "A other.svc", want: ["NXDOMAIN"] },
  { name: "svc itself", ask: "A svc", want: ["NOERROR"] },
  {
    name: "a headless Service: who is ready",
    ask: "A db.shop.svc",
    want: ["A 10.244.0.5", "A 10.244.0.6", "A 10.244.1.8"],
  },
  { name: "a headless Service without a ready endpoint", ask: "A unready.shop.svc", want: ["NXDOMAIN"] },
  { name: "an endpoint by its hostname", ask: "A db-0.db.shop.svc", want: ["A 10.244.0.5"] },
  { name: "an endpoint by its address", ask: "A 10-244-0-6.db.shop.svc", want: ["A 10.244.0.6"] },
  { name: "an endpoint that is not ready", ask: "A 10-244-0-7.db.shop.svc", want: ["NXDOMAIN"] },
  {
    name: "a named port",
    ask: "SRV _http._tcp.web.shop.svc",
    want: ["SRV 0 100 80 web.shop.svc.cluster.local", "+A 10.96.0.20", "+AAAA fd00:10:96::20"],
  },
  { name: "a port by another protocol", ask: "SRV _http._udp.web.shop.svc", want: ["NXDOMAIN"] },
  { name: "a port without a name", ask: "SRV _._udp.web.shop.svc", want: ["NXDOMAIN"] },
  { name: "an address where only ports are", ask: "A _http._tcp.web.shop.svc", want: ["NOERROR"] },
  { name: "a protocol with named ports", ask: "SRV _tcp.web.shop.svc", want: ["NOERROR"] },
  { name: "a protocol without", ask: "SRV _udp.web.shop.svc", want: ["NXDOMAIN"] },
  {
    name: "a named port of a headless Service: where each endpoint has it",
    ask: "SRV _http._tcp.db.shop.svc",
    want: [
      "SRV 0 33 8080 db-0.db.shop.svc.cluster.local",
      "SRV 0 33 8080 10-244-0-6.db.shop.svc.cluster.local",
      "SRV 0 33 9090 10-244-1-8.db.shop.svc.cluster.local",
      "+A 10.244.0.5",
      "+A 10.244.0.6",
      "+A 10.244.1.8",
    ],
  },
  {
    name: "another name for something outside",
    ask: "A outside.shop.svc",
    want: ["CNAME api.example.com", "follow api.example.com"],
  },
  { name: "that name itself", ask: "CNAME outside.shop.svc", want: ["CNAME api.example.com"] },
  { name: "a port of it", ask: "SRV _http._tcp.outside.shop.svc", want: ["NXDOMAIN"] },
  { name: "a pod's name", ask: "A 10-244-3-4.shop.pod", want: ["A 10.244.3.4"] },
  { name: "a pod's IPv6 name", ask: "AAAA fd00--4.shop.pod", want: ["AAAA fd00::4"] },
  { name: "a pod's name that is no address", ask: "A 10-244-3-400.shop.pod", want: ["NXDOMAIN"] },
  { name: "a pod's name in no namespace", ask: "A 10-244-3-4.other.pod", want: ["NXDOMAIN"] },
  { name: "the pods of a namespace", ask: "A shop.pod", want: ["NOERROR"] },
  { name: "the schema's version", ask: "TXT dns-version", want: ["TXT 1.1.0"] },
  { name: "the zone's server", ask: "NS ", want: ["NS ns.dns.cluster.local", "+A 10.96.0.10"] },
  { name: "the zone", ask: "SOA ", want: ["SOA 7"] },
  { name: "the zone's server's address", ask: "A ns.dns", want: ["A 10.96.0.10"] },
  { name: "anything: the records of one type", ask: "ANY web.shop.svc", want: ["A 10.96.0.20"] },
  { name: "a name outside", ask: "A example.com.", want: ["forward"] },
  { name: "a name that only ends alike", ask: "A xcluster.local.", want: ["forward"] },
  { name: "whose address it is", ask: "PTR 20.0.96.10.in-addr.arpa.", want: ["PTR web.shop.svc.cluster.local"] },
  { name: "whose endpoint it is", ask: "PTR 5.0.244.10.in-addr.arpa.", want: ["PTR db-0.db.shop.svc.cluster.local"] },
  {
    name: "whose endpoint it is, without a hostname",
    ask: "PTR 6.0.244.10.in-addr.arpa.",
    want: ["PTR 10-244-0-6.db.shop.svc.cluster.local"],
  },
  {
    name: "whose IPv6 address it is",
    ask: `PTR ${"0.2.".padEnd(40, "0.")}6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa.`,
    want: ["PTR web.shop.svc.cluster.local"],
  },
  { name: "another type of an address's name", ask: "A 20.0.96.10.in-addr.arpa.", want: ["NOERROR"] },
];

for (const { name, ask, want } of cases) {
  test(`answer: ${name}`, () => {
    assert.deepEqual(asked(ask), want);
  });
}

test("answer: what is not there is so by authority, and not for long", () => {
  const given = answer({ name: "x.shop.svc.cluster.local", type: recordTypes.A, class: 1 }, names, zone);
  assert.ok(given.do === "reply");
  assert.deepEqual(given.reply.authority?.map(format), ["SOA 7"]);
  assert.equal(given.reply.authority?.[0]?.ttlSeconds, 5);
  assert.equal(given.reply.authoritative, true);
});

test("names: a Service that goes takes its names with it, and a change is noticed", () => {
  const changing = createNames("cluster.local");
  const spec = { clusterIPs: ["10.96.0.21"], ports: [] };
  const service = { metadata: { name: "a", namespace: "b" }, spec } as unknown as Service;
  changing.setService("b/a", serviceNames(service, []));
  assert.deepEqual(changing.reverse("21.0.96.10.in-addr.arpa"), ["a.b.svc.cluster.local"]);
  const before = changing.generation;
  changing.setService("b/a", undefined);
  assert.deepEqual(changing.reverse("21.0.96.10.in-addr.arpa"), []);
  assert.ok(changing.generation > before);
});

test("names: endpoints that stay, come, go and change their hostname lead back to their names", () => {
  const changing = createNames("cluster.local");
  const set = (...endpoints: object[]) => {
    const service = { metadata: { name: "a", namespace: "b" }, spec: { clusterIPs: ["None"] } } as unknown as Service;
    changing.setService("b/a", serviceNames(service, [slice([], ...endpoints)] as unknown as EndpointSlice[]));
    return [1, 2, 3, 4].map((i) => changing.reverse(`${i}.0.244.10.in-addr.arpa`).join());
  };
  const named = (label: string) => `${label}.a.b.svc.cluster.local`;
  assert.deepEqual(set(at("10.244.0.1", { hostname: "x" }), at("10.244.0.2", { hostname: "y" }), at("10.244.0.3")), [
    named("x"),
    named("y"),
    named("10-244-0-3"),
    "",
  ]);
  assert.deepEqual(set(at("10.244.0.4"), at("10.244.0.2", { hostname: "z" }), at("10.244.0.3")), [
    "",
    named("z"),
    named("10-244-0-3"),
    named("10-244-0-4"),
  ]);
});

/** `TYPE name` below the cluster's domain, or with a dot at the end a whole name. `+` marks additional records. */
function asked(ask: string): string[] {
  const [type = "", short = ""] = ask.split(" ");
  const name = short.endsWith(".")
    ? short.slice(0, -1)
    : [short, "cluster.local"].filter((part) => part !== "").join(".");
  const given = answer({ name, type: recordTypes[type as keyof typeof recordTypes], class: 1 }, names, zone);
  if (given.do === "forward") return ["forward"];
  const { answers, additional = [], rcode } = given.reply;
  if (answers.length === 0) return [rcode];
  assert.ok(answers.every((record) => record.name === name && record.ttlSeconds === (type === "TXT" ? 28_800 : 5)));
  const follow = given.do === "follow" ? [`follow ${given.target}`] : [];
  return [...answers.map(format), ...additional.map((record) => `+${format(record)}`), ...follow];
}

function format(record: DnsRecord): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return `${record.type} ${record.address}`;
    case "CNAME":
    case "NS":
    case "PTR":
      return `${record.type} ${record.target}`;
    case "MX":
      return `MX ${record.preference} ${record.target}`;
    case "SRV":
      return `SRV ${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case "SOA":
      return `SOA ${record.serial}`;
    case "TXT":
      return `TXT ${record.texts.join(" ")}`;
    case "other":
      return `TYPE${record.typeNumber}`;
  }
}
