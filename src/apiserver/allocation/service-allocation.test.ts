import assert from "node:assert/strict";
import { test } from "node:test";
import { type Service, type ServiceSpec, serviceKind } from "@fairlead/api/core/v1/service/service";
import type { Draft } from "@fairlead/api/schema";
import { StatusError } from "@fairlead/api/status-error";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store } from "@fairlead/store/store";
import type { HookResult, WriteHook } from "../registry/write-hook.ts";
import { ipKey, portKey } from "./claims.ts";
import { serviceAllocation } from "./service-allocation.ts";

const RANGE = "10.96.0.0/12";
const http = { name: "http", port: 80, protocol: "TCP" as const };

/** What is written down of a Service: type, policy, families, addresses, node ports. */
function summary({ spec }: Service): string {
  return [
    spec.ipFamilyPolicy ?? "-",
    (spec.ipFamilies ?? []).join("+") || "-",
    (spec.clusterIPs ?? []).join("+") || "-",
    (spec.ports ?? []).map((port) => port.nodePort ?? "-").join("+"),
    ...(spec.healthCheckNodePort === undefined ? [] : [`health ${spec.healthCheckNodePort}`]),
  ].join(" ");
}

const creations: { name: string; cidrs?: string[]; taken?: string[]; spec: Draft<ServiceSpec>; want: string }[] = [
  { name: "an address out of the upper band", spec: {}, want: "SingleStack IPv4 10.96.1.1 -" },
  {
    name: "another one when that is taken",
    taken: [ipKey("10.96.1.1")],
    spec: {},
    want: "SingleStack IPv4 10.96.1.2 -",
  },
  { name: "the address it asks for", spec: { clusterIPs: ["10.96.0.10"] }, want: "SingleStack IPv4 10.96.0.10 -" },
  {
    name: "not an address outside the range",
    spec: { clusterIPs: ["10.200.0.1"] },
    want: 'spec.clusterIPs: Invalid value: ["10.200.0.1"]: failed to allocate IP 10.200.0.1: the provided network does not match the current range',
  },
  {
    name: "not the network's own address",
    spec: { clusterIPs: ["10.96.0.0"] },
    want: 'spec.clusterIPs: Invalid value: ["10.96.0.0"]: failed to allocate IP 10.96.0.0: the provided network does not match the current range',
  },
  {
    name: "not an address that is allocated",
    taken: [ipKey("10.96.0.10")],
    spec: { clusterIPs: ["10.96.0.10"] },
    want: 'spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
  },
  {
    name: "no address when it is headless",
    spec: { clusterIPs: ["None"], selector: { a: "b" } },
    want: "SingleStack IPv4 None -",
  },
  {
    name: "both families when it is headless and selects nothing",
    spec: { clusterIPs: ["None"] },
    want: "RequireDualStack IPv4+IPv6 None -",
  },
  { name: "nothing when it is only a name", spec: { type: "ExternalName" }, want: "- - - -" },
  {
    name: "one family where there is one, though it prefers two",
    spec: { ipFamilyPolicy: "PreferDualStack" },
    want: "PreferDualStack IPv4 10.96.1.1 -",
  },
  {
    name: "not two families where there is one",
    spec: { ipFamilyPolicy: "RequireDualStack" },
    want: 'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
  },
  {
    name: "not a family that the cluster does not have",
    spec: { ipFamilies: ["IPv6"] },
    want: 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
  },
  {
    name: "two addresses in a cluster of two families",
    cidrs: [RANGE, "fd00:10:96::/112"],
    spec: { ipFamilyPolicy: "PreferDualStack" },
    want: "PreferDualStack IPv4+IPv6 10.96.1.1+fd00:10:96::101 -",
  },
  {
    name: "the default family in a cluster of two",
    cidrs: ["fd00:10:96::/112", RANGE],
    spec: {},
    want: "SingleStack IPv6 fd00:10:96::101 -",
  },
  { name: "a node port out of the upper band", spec: { type: "NodePort" }, want: "SingleStack IPv4 10.96.1.1 30086" },
  {
    name: "the node port it asks for",
    spec: { type: "NodePort", ports: [{ ...http, nodePort: 30_080 }] },
    want: "SingleStack IPv4 10.96.1.1 30080",
  },
  {
    name: "not a node port outside the range",
    spec: { type: "NodePort", ports: [{ ...http, nodePort: 29_999 }] },
    want: "spec.ports[0].nodePort: Invalid value: 29999: provided port is not in the valid range. The range of valid ports is 30000-32767",
  },
  {
    name: "not a node port that is allocated",
    taken: [portKey(30_080)],
    spec: { type: "NodePort", ports: [{ ...http, nodePort: 30_080 }] },
    want: "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated",
  },
  {
    name: "one node port for the same port by TCP and UDP",
    spec: {
      type: "NodePort",
      ports: [
        { name: "a", port: 53, protocol: "UDP" },
        { name: "b", port: 53, protocol: "TCP", nodePort: 30_053 },
      ],
    },
    want: "SingleStack IPv4 10.96.1.1 30053+30053",
  },
  {
    name: "a node port for each port",
    spec: { type: "NodePort", ports: [http, { name: "b", port: 81, protocol: "TCP" }] },
    want: "SingleStack IPv4 10.96.1.1 30086+30087",
  },
  {
    name: "a port for health checks of a load balancer with local traffic",
    spec: { type: "LoadBalancer", allocateLoadBalancerNodePorts: true, externalTrafficPolicy: "Local" },
    want: "SingleStack IPv4 10.96.1.1 30086 health 30087",
  },
  {
    name: "no node ports for a load balancer that wants none",
    spec: { type: "LoadBalancer", allocateLoadBalancerNodePorts: false },
    want: "SingleStack IPv4 10.96.1.1 -",
  },
];

for (const { name, cidrs = [RANGE], taken = [], spec, want } of creations) {
  test(`serviceAllocation: a new Service gets ${name}`, async () => {
    const store = await storeWith(taken);
    assert.equal(await outcomeOf(() => allocation(store, cidrs).beforeCreate?.(service(spec))), want);
  });
}

const updates: {
  name: string;
  before: Draft<ServiceSpec>;
  after: Draft<ServiceSpec>;
  cidrs?: string[];
  want: string;
}[] = [
  { name: "nothing changes", before: {}, after: {}, want: "" },
  { name: "it becomes a NodePort", before: {}, after: { type: "NodePort" }, want: "+30086" },
  { name: "it stops being a NodePort", before: { type: "NodePort" }, after: { ports: [http] }, want: "-30086" },
  {
    name: "its node port moves",
    before: { type: "NodePort" },
    after: { type: "NodePort", ports: [{ ...http, nodePort: 31_000 }] },
    want: "+31000 -30086",
  },
  { name: "it becomes a mere name", before: {}, after: { type: "ExternalName", clusterIPs: [] }, want: "-10.96.1.1" },
  {
    name: "it stops being a mere name",
    before: { type: "ExternalName" },
    after: { type: "ClusterIP" },
    want: "+10.96.1.1",
  },
  {
    name: "it gets a second family",
    cidrs: [RANGE, "fd00:10:96::/112"],
    before: {},
    after: { ipFamilyPolicy: "RequireDualStack" },
    want: "+fd00:10:96::101",
  },
  {
    name: "it gives its second family up",
    cidrs: [RANGE, "fd00:10:96::/112"],
    before: { ipFamilyPolicy: "RequireDualStack" },
    after: { ipFamilyPolicy: "SingleStack" },
    want: "-fd00:10:96::101",
  },
];

for (const { name, before, after, cidrs = [RANGE], want } of updates) {
  test(`serviceAllocation: what is claimed and released when ${name}`, async () => {
    const store = await storeWith([]);
    const hook = allocation(store, cidrs);
    const created = await applied(store, hook.beforeCreate?.(service(before)));
    const wanted = serviceKind.withDefaults(
      { ...created, spec: { ...created.spec, ...service(after).spec, ...kept(created, after) } },
      created,
    );
    const result = await hook.beforeUpdate?.(wanted, created);
    assert.ok(result !== undefined);
    assert.equal(changes(result), want);
    const again = await hook.beforeUpdate?.(await applied(store, Promise.resolve(result)), result.object);
    assert.deepEqual(
      [again?.operations, again?.object],
      [[], result.object],
      "once applied, there is nothing left to do",
    );
  });
}

test("serviceAllocation: a deleted Service leaves no claims", async () => {
  const store = await storeWith([]);
  const hook = allocation(store, [RANGE]);
  const created = await applied(store, hook.beforeCreate?.(service({ type: "NodePort" })));
  await applied(store, hook.beforeDelete?.(created));
  assert.deepEqual((await store.range({ start: "/", end: "0" })).items, []);
});

test("serviceAllocation: the last address is found, then there are no more", async () => {
  const store = await storeWith([]);
  const hook = serviceAllocation({ store, serviceCIDRs: ["10.96.0.0/29"], random: (below) => below - 1 });
  const ips: string[] = [];
  for (let i = 0; i < 6; i++) ips.push((await applied(store, hook.beforeCreate?.(service({})))).spec.clusterIP ?? "");
  assert.equal(new Set(ips).size, 6);
  assert.equal(
    await outcomeOf(() => hook.beforeCreate?.(service({}))),
    "Internal error occurred: failed to allocate a serviceIP: range is full",
  );
});

test("serviceAllocation: two writes at once cannot have the same address", async () => {
  const store = await storeWith([]);
  const hook = allocation(store, [RANGE]);
  const [a, b] = await Promise.all([hook.beforeCreate?.(service({})), hook.beforeCreate?.(service({}))]);
  assert.ok(a !== undefined && b !== undefined);
  const first = await store.txn({ compare: a.compare, success: a.operations });
  const second = await store.txn({ compare: b.compare, success: b.operations });
  assert.deepEqual([first.succeeded, second.succeeded], [true, false]);
});

function allocation(store: Store, serviceCIDRs: string[]): WriteHook<Service> {
  // The first of the band, as long as it is free.
  return serviceAllocation({ store, serviceCIDRs, random: () => 0 });
}

async function storeWith(keys: readonly string[]): Promise<Store> {
  const store = createMemoryStore();
  const value = new Uint8Array();
  if (keys.length > 0) await store.txn({ compare: [], success: keys.map((key) => ({ type: "put", key, value })) });
  return store;
}

async function applied(store: Store, pending: Promise<HookResult<Service>> | undefined): Promise<Service> {
  const result = await pending;
  assert.ok(result !== undefined);
  await store.txn({ compare: result.compare, success: result.operations });
  return result.object;
}

async function outcomeOf(run: () => Promise<HookResult<Service>> | undefined): Promise<string> {
  try {
    const result = await run();
    return result === undefined ? "" : summary(result.object);
  } catch (error) {
    if (error instanceof StatusError) return error.message.replace(/^Service "s" is invalid: /, "");
    throw error;
  }
}

function changes({ operations }: HookResult<Service>): string {
  const shortened = (key: string) => key.slice(key.lastIndexOf("/") + 1);
  return operations.map((one) => `${one.type === "put" ? "+" : "-"}${shortened(one.key)}`).join(" ");
}

/** What a writer who read the Service would write back. */
function kept(created: Service, after: Draft<ServiceSpec>): Partial<ServiceSpec> {
  const { clusterIP, clusterIPs, ipFamilies, ports } = created.spec;
  return {
    ...(after.type !== "ExternalName" && { clusterIP, clusterIPs, ipFamilies }),
    ...(after.ports === undefined && { ports }),
    ...(after.ipFamilyPolicy === undefined && { ipFamilyPolicy: created.spec.ipFamilyPolicy }),
  };
}

function service(spec: Draft<ServiceSpec>): Service {
  const metadata = { name: "s", namespace: "shop", uid: "", resourceVersion: "", creationTimestamp: "" };
  const complete = { type: "ClusterIP", sessionAffinity: "None", ports: [http], ...spec };
  const clusterIP = spec.clusterIPs?.[0];
  // Only what allocation looks at.
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { ...complete, ...(clusterIP !== undefined && { clusterIP }) },
    status: { loadBalancer: {} },
  } as unknown as Service;
}
