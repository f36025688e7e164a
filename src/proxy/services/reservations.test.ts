import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service, ServicePort } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { operationsFor } from "@fairlead/nftables/changes/diff";
import { createLedger } from "@fairlead/nftables/changes/ledger";
import { createFakeKernel } from "@fairlead/nftables/fake/fake-kernel.testing";
import type { Packet } from "@fairlead/nftables/fake/packet.testing";
import fc from "fast-check";
import { baseRuleset } from "../ruleset/base-ruleset.ts";
import { serviceRuleset } from "../ruleset/service-ruleset.ts";
import { service, slice } from "./objects.testing.ts";
import { apiServerOfUrl, apiServersOf, nodePortKeysOf, reservations } from "./reservations.ts";
import { servicePorts } from "./service-ports.ts";

const API = "172.30.0.10";
const NODES = { n1: "172.30.0.11", n2: "172.30.0.12" } as const;
const POD = "10.244.1.9";
const OUTSIDE = "172.30.0.50";
const ENDPOINT = "10.244.2.2";
const PUBLIC = "203.0.113.5";

const stored = { uid: "", resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" };

function node(name: keyof typeof NODES, more: { readonly labels?: object; readonly kubeletPort?: number } = {}): Node {
  const { labels = {}, kubeletPort } = more;
  const status = {
    addresses: [
      { type: "Hostname", address: name },
      { type: "InternalIP", address: NODES[name] },
    ],
    ...(kubeletPort !== undefined && { daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } }),
  };
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels, ...stored }, spec: {}, status } as Node;
}

/** A NodePort Service of somebody else, with a health check. */
const other = service(
  {
    type: "NodePort",
    ports: [{ port: 80, protocol: "TCP", nodePort: 30_080 }],
    externalTrafficPolicy: "Local",
    healthCheckNodePort: 32_000,
  },
  { metadata: { name: "other", namespace: "shop" } },
);
const nodes = [
  node("n1", { labels: { "node-role.kubernetes.io/control-plane": "" } }),
  node("n2", { kubeletPort: 10_350 }),
];
const reserved = reservations({
  serviceCIDRs: ["10.96.0.0/12"],
  nodes: () => nodes,
  apiServers: [{ address: API, port: 6443 }],
  nodePrograms: [
    { protocol: "tcp", port: 10_256, program: "the service proxy" },
    { protocol: "udp", port: 53, program: "the DNS server" },
  ],
  nodePortOwners: (key) => (nodePortKeysOf(other).includes(key) ? ["shop/other"] : []),
});

type Port = Draft<ServicePort>;
const tcp = (port: number): Port => ({ port, protocol: "TCP" });

/** The fate of a packet on node n1 when the Service `evil/grab` has the port and addresses. */
function trace(packet: Packet, port: Port, object: Draft<Service>): { readonly fate: string; readonly why: string } {
  const kernel = createFakeKernel([NODES.n1, API, "127.0.0.1"]);
  const ledger = createLedger();
  ledger.replace("", baseRuleset({ serviceCIDRs: ["10.96.0.0/12"], podCIDRs: ["10.244.1.0/24"], unallocated: "drop" }));
  const grab = service(
    { ports: [port], ...object.spec },
    { metadata: { name: "grab", namespace: "evil" }, ...(object.status !== undefined && { status: object.status }) },
  );
  const protocol = port.protocol ?? "TCP";
  const endpoints = slice(`${ENDPOINT}@n2`, { ports: [{ name: "", protocol, port: 8080 }] });
  const options = { family: "ip", place: { nodeName: "n1" }, reservations: reserved } as const;
  const mappings = servicePorts(grab, [endpoints], options);
  ledger.replace("evil/grab", serviceRuleset(mappings).objects);
  kernel.apply(operationsFor(ledger.takeChanges()));
  return { fate: kernel.trace(packet), why: mappings.flatMap((m) => m.reserved.map(({ reason }) => reason)).join() };
}

const external = (address: string): Draft<Service> => ({ spec: { externalIPs: [address] } });
const balanced = (address: string, ipMode = "VIP"): Draft<Service> => ({
  spec: { type: "LoadBalancer" },
  status: { loadBalancer: { ingress: [{ ip: address, ipMode }] } },
});

const taken = `${ENDPOINT}:8080 masqueraded`;
const cases: readonly {
  readonly name: string;
  readonly address: string;
  readonly port: Port;
  readonly want: string;
  readonly why?: string;
}[] = [
  { name: "the API server", address: API, port: tcp(6443), want: "unchanged", why: "the API server listens there" },
  { name: "another port of the API server's address", address: API, port: tcp(443), want: taken },
  { name: "UDP at the API server's port", address: API, port: { port: 6443, protocol: "UDP" }, want: taken },
  {
    name: "the API server at the address of the control plane's node",
    address: NODES.n1,
    port: tcp(6443),
    want: "unchanged",
    why: "the API server listens there",
  },
  { name: "the API server's port of a node without an API server", address: NODES.n2, port: tcp(6443), want: taken },
  {
    name: "the kubelet of this node",
    address: NODES.n1,
    port: tcp(10_250),
    want: "unchanged",
    why: 'the kubelet of node "n1" listens there',
  },
  {
    name: "a kubelet that listens on another port",
    address: NODES.n2,
    port: tcp(10_350),
    want: "unchanged",
    why: 'the kubelet of node "n2" listens there',
  },
  { name: "the usual port of a kubelet that listens on another", address: NODES.n2, port: tcp(10_250), want: taken },
  {
    name: "the proxy's health check",
    address: NODES.n2,
    port: tcp(10_256),
    want: "unchanged",
    why: 'the service proxy of node "n2" listens there',
  },
  {
    name: "the DNS server of a node",
    address: NODES.n1,
    port: { port: 53, protocol: "UDP" },
    want: "unchanged",
    why: 'the DNS server of node "n1" listens there',
  },
  { name: "a port of a node on which nothing listens", address: NODES.n1, port: tcp(80), want: taken },
  { name: "a port of another node on which nothing listens", address: NODES.n2, port: tcp(80), want: taken },
  {
    name: "a node port of another Service",
    address: NODES.n1,
    port: tcp(30_080),
    want: "unchanged",
    why: 'it is a node port of Service "shop/other"',
  },
  {
    name: "a health check port of another Service",
    address: NODES.n2,
    port: tcp(32_000),
    want: "unchanged",
    why: 'it is a node port of Service "shop/other"',
  },
  {
    name: "another protocol than the node port's",
    address: NODES.n1,
    port: { port: 30_080, protocol: "UDP" },
    want: taken,
  },
  { name: "a node port's number at an address that is no node's", address: PUBLIC, port: tcp(30_080), want: taken },
  { name: "a kubelet's number at an address that is no node's", address: PUBLIC, port: tcp(10_250), want: taken },
  {
    name: "the address of another Service",
    address: "10.96.0.10",
    port: tcp(53),
    // No Service of this test has it.
    want: "drop",
    why: "it is in the range of the Services' own addresses",
  },
];

for (const { name, address, port, want, why = "" } of cases) {
  for (const [field, object] of [
    ["externalIPs", external(address)],
    ["the load balancer's status", balanced(address)],
  ] as const) {
    test(`${field} with ${name}: ${want === taken ? "redirected" : "left alone"}`, () => {
      const protocol = port.protocol === "UDP" ? "udp" : "tcp";
      for (const from of [POD, OUTSIDE, NODES.n1]) {
        const packet = { from, to: address, port: port.port ?? 0, protocol } as const;
        const { fate, why: said } = trace(packet, port, object);
        assert.deepEqual({ from, fate, said }, { from, fate: want, said: why });
      }
    });
  }
}

test("a Service may have its own node port as an external port", () => {
  const port = { port: 30_080, protocol: "TCP", nodePort: 30_080 } as const;
  const own = reservations({
    serviceCIDRs: [],
    nodes: () => nodes,
    apiServers: [],
    nodePrograms: [],
    nodePortOwners: () => ["evil/grab"],
  });
  const frontend = { address: NODES.n1, protocol: "tcp", port: port.port } as const;
  assert.equal(own({ ...frontend, service: "evil/grab" }), undefined);
  assert.equal(own({ ...frontend, service: "evil/other" }), 'it is a node port of Service "evil/grab"');
});

test("the Nodes are read once, and only for external addresses", () => {
  let reads = 0;
  const counting = reservations({
    serviceCIDRs: [],
    nodes() {
      reads += 1;
      return nodes;
    },
    apiServers: [],
    nodePrograms: [],
    nodePortOwners: () => [],
  });
  const portsOf = (object: Draft<Service>) =>
    servicePorts(service(object.spec), [], { family: "ip", place: { nodeName: "n1" }, reservations: counting });
  portsOf({});
  assert.equal(reads, 0);
  for (const address of [PUBLIC, NODES.n1]) portsOf(external(address));
  assert.equal(reads, 1);
});

test("load balancer source ranges do not close a reserved address", () => {
  const object = balanced(API);
  const closed = { ...object, spec: { ...object.spec, loadBalancerSourceRanges: ["192.0.2.0/24"] } };
  assert.equal(trace({ from: POD, to: API, port: 6443 }, tcp(6443), closed).fate, "unchanged");
});

test("the API server is found in the slices of its Service, and in a URL", () => {
  const kubernetes = slice(API, { ports: [{ name: "https", protocol: "TCP", port: 6443 }] });
  assert.deepEqual(apiServersOf([kubernetes]), [{ address: API, port: 6443 }]);
  assert.deepEqual(apiServerOfUrl("https://172.30.0.10:6443"), { address: API, port: 6443 });
  assert.deepEqual(apiServerOfUrl("https://[fd00:0::0a]"), { address: "fd00::a", port: 443 });
  assert.equal(apiServerOfUrl("https://api.example:6443"), undefined);
});

test("whatever a Service asks for, packets to reserved frontends stay unchanged, and all others are redirected", () => {
  const address = fc.constantFrom(API, NODES.n1, NODES.n2, PUBLIC);
  const port = fc.oneof(fc.constantFrom(53, 443, 6443, 10_250, 10_256, 10_350, 30_080, 32_000), fc.nat(65_534));
  const isBalancer = fc.boolean();
  fc.assert(
    fc.property(address, port, fc.constantFrom("TCP" as const, "UDP" as const), isBalancer, (to, number, name, is) => {
      const protocol = name === "UDP" ? "udp" : "tcp";
      const isReserved = reserved({ address: to, protocol, port: number + 1, service: "evil/grab" }) !== undefined;
      const object = is ? balanced(to) : external(to);
      const { fate } = trace(
        { from: POD, to, port: number + 1, protocol },
        { port: number + 1, protocol: name },
        object,
      );
      assert.equal(fate, isReserved ? "unchanged" : taken);
    }),
  );
});
