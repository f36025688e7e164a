import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { operationsFor } from "@fairlead/nftables/changes/diff";
import type { Ledger } from "@fairlead/nftables/changes/ledger";
import { createLedger } from "@fairlead/nftables/changes/ledger";
import type { FakeKernel } from "@fairlead/nftables/fake/fake-kernel.testing";
import { createFakeKernel } from "@fairlead/nftables/fake/fake-kernel.testing";
import type { Packet } from "@fairlead/nftables/fake/packet.testing";
import fc from "fast-check";
import { service, slice } from "../services/objects.testing.ts";
import { servicePorts } from "../services/service-ports.ts";
import { baseRuleset } from "./base-ruleset.ts";
import { serviceRuleset } from "./service-ruleset.ts";

const NODE = "172.30.0.1";
const POD = "10.244.1.9";
const OUTSIDE = "172.30.0.50";
const LOAD_BALANCER = "192.0.2.10";

const nodePort = { type: "NodePort", ports: [{ port: 80, protocol: "TCP", nodePort: 30080 }] } as const;
const balanced = { status: { loadBalancer: { ingress: [{ ip: LOAD_BALANCER, ipMode: "VIP" }] } } };
const loadBalancer = { ...nodePort, type: "LoadBalancer" } as const;

interface Case {
  readonly name: string;
  readonly spec?: Draft<Service["spec"]>;
  readonly more?: Draft<Service>;
  readonly endpoints: string;
  readonly packet: Packet;
  readonly want: string;
}

const toCluster = { from: POD, to: "10.96.0.5", port: 80 };
const toNodePort = { from: OUTSIDE, to: NODE, port: 30080 };
const toBalancer = { from: OUTSIDE, to: LOAD_BALANCER, port: 80 };

const cases: readonly Case[] = [
  { name: "pod to ClusterIP", endpoints: "10.244.2.2@n2", packet: toCluster, want: "10.244.2.2:8080" },
  { name: "pod to ClusterIP with no endpoints", endpoints: "", packet: toCluster, want: "reject" },
  { name: "pod to ClusterIP, none ready", endpoints: "10.244.2.2@n2!", packet: toCluster, want: "reject" },
  {
    name: "pod to ClusterIP, all ending but still serving",
    endpoints: "10.244.2.2@n2~",
    packet: toCluster,
    want: "10.244.2.2:8080",
  },
  {
    name: "a ready endpoint is preferred to one that ends",
    endpoints: "10.244.2.2@n2~ 10.244.2.3@n2",
    packet: toCluster,
    want: "10.244.2.3:8080",
  },
  {
    name: "a pod to itself is masqueraded",
    endpoints: `${POD}@n1`,
    packet: toCluster,
    want: `${POD}:8080 masqueraded`,
  },
  {
    name: "the node to ClusterIP is masqueraded, or a pod elsewhere could not answer",
    endpoints: "10.244.2.2@n2",
    packet: { ...toCluster, from: NODE },
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "outside to ClusterIP is masqueraded",
    endpoints: "10.244.2.2@n2",
    packet: { ...toCluster, from: OUTSIDE },
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "a port that the Service does not have",
    endpoints: "10.244.2.2@n2",
    packet: { ...toCluster, port: 81 },
    want: "reject",
  },
  {
    name: "another protocol than the Service's",
    endpoints: "10.244.2.2@n2",
    packet: { ...toCluster, protocol: "udp" },
    want: "reject",
  },
  {
    name: "a packet that belongs to no connection is neither sent on nor answered",
    endpoints: "10.244.2.2@n2",
    packet: { ...toCluster, state: "invalid" },
    want: "drop",
  },
  {
    name: "an address of the range that no Service has",
    endpoints: "",
    packet: { ...toCluster, to: "10.96.9.9" },
    want: "drop",
  },
  {
    name: "an address out of the range is none of our business",
    endpoints: "",
    packet: { ...toCluster, to: "10.244.2.2" },
    want: "unchanged",
  },
  {
    name: "internal policy Local: an endpoint here",
    spec: { internalTrafficPolicy: "Local" },
    endpoints: "10.244.2.2@n2 10.244.1.2@n1",
    packet: toCluster,
    want: "10.244.1.2:8080",
  },
  {
    name: "internal policy Local: endpoints elsewhere only",
    spec: { internalTrafficPolicy: "Local" },
    endpoints: "10.244.2.2@n2",
    packet: toCluster,
    want: "drop",
  },
  {
    name: "internal policy Local: no endpoints anywhere",
    spec: { internalTrafficPolicy: "Local" },
    endpoints: "",
    packet: toCluster,
    want: "reject",
  },
  {
    name: "outside to a node port",
    spec: nodePort,
    endpoints: "10.244.2.2@n2",
    packet: toNodePort,
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "pod to a node port",
    spec: nodePort,
    endpoints: "10.244.2.2@n2",
    packet: { ...toNodePort, from: POD },
    want: "10.244.2.2:8080 masqueraded",
  },
  { name: "a node port with no endpoints", spec: nodePort, endpoints: "", packet: toNodePort, want: "reject" },
  {
    name: "a node port on loopback is left alone",
    spec: nodePort,
    endpoints: "10.244.2.2@n2",
    packet: { from: NODE, to: "127.0.0.1", port: 30080 },
    want: "unchanged",
  },
  {
    name: "a node port on an address of another node is left alone",
    spec: nodePort,
    endpoints: "10.244.2.2@n2",
    packet: { ...toNodePort, to: "172.30.0.2" },
    want: "unchanged",
  },
  {
    name: "outside to the load balancer's address",
    spec: loadBalancer,
    more: balanced,
    endpoints: "10.244.2.2@n2",
    packet: toBalancer,
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "a load balancer that is a proxy keeps its traffic",
    spec: loadBalancer,
    more: { status: { loadBalancer: { ingress: [{ ip: LOAD_BALANCER, ipMode: "Proxy" }] } } },
    endpoints: "10.244.2.2@n2",
    packet: toBalancer,
    want: "unchanged",
  },
  {
    name: "an external address",
    spec: { externalIPs: ["203.0.113.5"] },
    endpoints: "10.244.2.2@n2",
    packet: { ...toBalancer, to: "203.0.113.5" },
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "external policy Local keeps the source",
    spec: { ...loadBalancer, externalTrafficPolicy: "Local" },
    more: balanced,
    endpoints: "10.244.2.2@n2 10.244.1.2@n1",
    packet: toBalancer,
    want: "10.244.1.2:8080",
  },
  {
    name: "external policy Local, endpoints elsewhere only: another node can serve it",
    spec: { ...loadBalancer, externalTrafficPolicy: "Local" },
    more: balanced,
    endpoints: "10.244.2.2@n2",
    packet: toBalancer,
    want: "drop",
  },
  {
    name: "external policy Local, endpoints elsewhere only: a node port",
    spec: { ...nodePort, externalTrafficPolicy: "Local" },
    endpoints: "10.244.2.2@n2",
    packet: toNodePort,
    want: "drop",
  },
  {
    name: "external policy Local: a pod is sent to any endpoint",
    spec: { ...loadBalancer, externalTrafficPolicy: "Local" },
    more: balanced,
    endpoints: "10.244.2.2@n2",
    packet: { ...toBalancer, from: POD },
    want: "10.244.2.2:8080",
  },
  {
    name: "external policy Local: the node itself is sent to any endpoint, masqueraded",
    spec: { ...nodePort, externalTrafficPolicy: "Local" },
    endpoints: "10.244.2.2@n2",
    packet: { ...toNodePort, from: NODE },
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "external policy Local, no endpoints anywhere",
    spec: { ...loadBalancer, externalTrafficPolicy: "Local" },
    more: balanced,
    endpoints: "",
    packet: toBalancer,
    want: "reject",
  },
  {
    name: "a source that the load balancer is closed to",
    spec: { ...loadBalancer, loadBalancerSourceRanges: ["10.0.0.0/8", "10.1.0.0/16"] },
    more: balanced,
    endpoints: "10.244.2.2@n2",
    packet: toBalancer,
    want: "drop",
  },
  {
    name: "a source that it is open to",
    spec: { ...loadBalancer, loadBalancerSourceRanges: ["10.0.0.0/8", "172.30.0.0/24"] },
    more: balanced,
    endpoints: "10.244.2.2@n2",
    packet: toBalancer,
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "the node itself, which it is open to and which answers for the address",
    spec: { ...loadBalancer, loadBalancerSourceRanges: [`${NODE}/32`] },
    more: balanced,
    endpoints: "10.244.2.2@n2",
    packet: { ...toBalancer, from: toBalancer.to },
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "the node itself, which it is closed to though it answers for the address",
    spec: { ...loadBalancer, loadBalancerSourceRanges: ["10.0.0.0/8"] },
    more: balanced,
    endpoints: "10.244.2.2@n2",
    packet: { ...toBalancer, from: toBalancer.to },
    want: "drop",
  },
  {
    name: "ClientIP affinity",
    spec: { sessionAffinity: "ClientIP" },
    endpoints: "10.244.2.2@n2",
    packet: toCluster,
    want: "10.244.2.2:8080",
  },
  {
    name: "ClientIP affinity from outside by a node port",
    spec: { ...nodePort, sessionAffinity: "ClientIP" },
    endpoints: "10.244.2.2@n2",
    packet: toNodePort,
    want: "10.244.2.2:8080 masqueraded",
  },
  {
    name: "a headless Service has no address",
    spec: { clusterIP: "None" },
    endpoints: "10.244.2.2@n2",
    packet: toCluster,
    want: "drop",
  },
  {
    name: "an ExternalName Service has none either",
    spec: { type: "ExternalName", clusterIP: "", externalName: "example.org" },
    endpoints: "",
    packet: toCluster,
    want: "drop",
  },
];

for (const { name, spec = {}, more = {}, endpoints, packet, want } of cases) {
  test(`service proxy: ${name}`, () => {
    const { kernel, ledger, set, sync } = start();
    set("shop/quote", service(spec, more), endpoints);
    sync();
    assert.equal(kernel.trace(packet), want);

    set("shop/quote", service(spec, more), endpoints);
    assert.deepEqual(ledger.takeChanges(), [], "the same again makes no operations");

    const empty = start().kernel.elementCount;
    set("shop/quote", undefined, "");
    sync();
    assert.equal(kernel.elementCount, empty, "nothing is left of a deleted Service");
  });
}

test("a client with ClientIP affinity stays, another one is free", () => {
  const { kernel, set, sync } = start();
  const sticky = service({ sessionAffinity: "ClientIP" });
  set("shop/quote", sticky, "10.244.2.2@n2 10.244.2.3@n2");
  sync();
  const last = (count: number) => count - 1;
  assert.equal(kernel.trace(toCluster, last), "10.244.2.3:8080");
  assert.equal(kernel.trace(toCluster), "10.244.2.3:8080");
  assert.equal(kernel.trace({ ...toCluster, from: "10.244.1.10" }), "10.244.2.2:8080");
  set("shop/quote", sticky, "10.244.2.1@n2 10.244.2.3@n2");
  sync();
  assert.equal(kernel.trace(toCluster), "10.244.2.3:8080");
});

test("every endpoint has its turn, also after one in the middle has gone", () => {
  const { kernel, set, sync } = start();
  set("shop/quote", service(), "10.244.2.1 10.244.2.2 10.244.2.3 10.244.2.4");
  sync();
  set("shop/quote", service(), "10.244.2.1 10.244.2.3 10.244.2.4");
  sync();
  const turns = [0, 1, 2].map((turn) => kernel.trace(toCluster, () => turn));
  assert.deepEqual(turns.toSorted(), ["10.244.2.1:8080", "10.244.2.3:8080", "10.244.2.4:8080"]);
});

test("one endpoint's change costs the same few operations in a Service of 500", () => {
  const { set, sync } = start();
  const endpoints = Array.from({ length: 500 }, (_, i) => `10.244.${2 + (i >> 7)}.${1 + (i & 127)}@n2`);
  set("shop/quote", service(), endpoints.join(" "));
  sync();
  set("shop/quote", service(), endpoints.with(100, "10.244.9.9@n2").join(" "));
  assert.equal(sync(), 2, "another endpoint in the same slot: delete, add");
  set("shop/quote", service(), endpoints.toSpliced(100, 1).join(" "));
  assert.ok(sync() <= 12, "one fewer: two slots, the verdict, and the chains of both counts");
});

test("whatever Services and endpoints do, the kernel takes every transaction and sends to all that are wanted", () => {
  const endpoints = fc.uniqueArray(fc.integer({ min: 2, max: 7 }), { maxLength: 6 });
  const spec = fc.record({
    sessionAffinity: fc.constantFrom("None" as const, "ClientIP" as const),
    externalTrafficPolicy: fc.constantFrom("Cluster" as const, "Local" as const),
    externalIPs: fc.constantFrom([], ["203.0.113.5"]),
  });
  const step = fc.record({ number: fc.integer({ min: 1, max: 3 }), isThere: fc.boolean(), endpoints, spec });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { kernel, set, sync } = start();
      for (const { number, isThere, endpoints: hosts, spec } of steps) {
        const clusterIP = `10.96.0.${number}`;
        const ports = [{ port: 80, protocol: "TCP", nodePort: 30080 + number }] as const;
        const object = service({ ...spec, clusterIP, type: "LoadBalancer", ports }, balanced);
        const text = hosts.map((host) => `10.244.${host % 2 === 0 ? "1" : "2"}.${host}@n${host % 2 === 0 ? 1 : 2}`);
        set(`shop/s${number}`, isThere ? object : undefined, text.join(" "));
        sync();
        // A client of its own for each turn, or affinity would keep the one endpoint.
        const turns = hosts.map((host, turn) =>
          kernel.trace({ from: `10.244.1.1${host}`, to: clusterIP, port: 80 }, () => turn),
        );
        const wanted = hosts.length === 0 ? [] : text.map((endpoint) => `${endpoint.split("@")[0]}:8080`);
        if (isThere) assert.deepEqual(turns.toSorted(), wanted.toSorted());
      }
      for (const number of [1, 2, 3]) set(`shop/s${number}`, undefined, "");
      sync();
      assert.equal(kernel.elementCount, start().kernel.elementCount);
    }),
  );
});

test("a packet that comes with the count of before and chooses a slot that is gone goes to another endpoint", () => {
  const { kernel, set, sync } = start();
  set("shop/quote", service(nodePort), "10.244.2.1@n2 10.244.2.2@n2 10.244.2.3@n2");
  sync();
  // What the kernel has between the two look-ups of such a packet: the verdict of before, the slots of afterwards.
  for (const key of ["10.96.0.5 . 80 . 2", "30080 . 2"]) {
    const set = key.startsWith("10.") ? "endpoints-tcp" : "node-port-endpoints-tcp";
    kernel.apply([{ verb: "delete", object: { object: "element", set, key, value: "" } }]);
  }
  const last = (count: number) => count - 1;
  assert.equal(kernel.trace(toCluster, last), "10.244.2.1:8080");
  assert.equal(kernel.trace(toNodePort, last), "10.244.2.1:8080 masqueraded");
});

test("two Services of one external address: the first by name has it whole, then the other", () => {
  const { kernel, set, sync } = start();
  const taken = { externalIPs: ["203.0.113.5"] };
  const packet = { from: OUTSIDE, to: "203.0.113.5", port: 80 };
  set("shop/b", service({ ...taken, clusterIP: "10.96.0.6" }), "10.244.2.2@n2");
  set("shop/a", service({ ...taken, clusterIP: "10.96.0.7" }), "10.244.1.2@n1 10.244.1.3@n1");
  sync();
  assert.equal(
    kernel.trace(packet, (count) => count - 1),
    "10.244.1.3:8080 masqueraded",
  );
  set("shop/a", undefined, "");
  sync();
  assert.equal(
    kernel.trace(packet, (count) => count - 1),
    "10.244.2.2:8080 masqueraded",
  );
});

test("while the Services are being loaded, their whole range is refused", () => {
  const kernel = createFakeKernel([NODE]);
  const ledger = createLedger();
  ledger.replace("", baseRuleset({ ...BASE, unallocated: "reject" }));
  kernel.apply(operationsFor(ledger.takeChanges()));
  assert.equal(kernel.trace(toCluster), "reject");
});

const BASE = { serviceCIDRs: ["10.96.0.0/12"], podCIDRs: ["10.244.1.0/24"], unallocated: "drop" } as const;

interface Started {
  readonly kernel: FakeKernel;
  readonly ledger: Ledger;
  set(key: string, service: Service | undefined, endpoints: string): void;
  /** @returns How many operations it took. */
  sync(): number;
}

/** An empty proxy of node n1 with the kernel it writes to. */
function start(): Started {
  const kernel = createFakeKernel([NODE, "127.0.0.1"]);
  const ledger = createLedger();
  const slots = new Map<string, ReturnType<typeof serviceRuleset>["slots"]>();
  const sync = () => {
    const operations = operationsFor(ledger.takeChanges());
    kernel.apply(operations);
    return operations.length;
  };
  ledger.replace("", baseRuleset(BASE));
  sync();
  return {
    kernel,
    ledger,
    sync,
    set(key, object, endpoints) {
      const options = { family: "ip", place: { nodeName: "n1" }, nodeAddress: NODE } as const;
      const mappings = object === undefined ? [] : servicePorts(object, [slice(endpoints)], options);
      const ruleset = serviceRuleset(mappings, slots.get(key));
      slots.set(key, ruleset.slots);
      ledger.replace(key, ruleset.objects);
    },
  };
}
