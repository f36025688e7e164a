import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { isInvalid, isNotFound } from "@fairlead/api/status-error";
import { createMetrics } from "@fairlead/lib/metrics";
import { configurationStates } from "./kinds/configuration-state.ts";
import { ipAddressPools } from "./kinds/ip-address-pool.ts";
import { l2Advertisements } from "./kinds/l2-advertisement.ts";
import { addons, startBalancedCluster } from "./load-balancer.testing.ts";

const NAMESPACE = "metallb-system";

test("a Service gets an address of the first pool, is marked, and gives it back when it goes", async (t) => {
  const { client, expose, addressesOf, eventOf, until } = await startBalancedCluster(t);
  await expose("web");
  await addressesOf("web", ["10.0.0.1"]);
  assert.equal(await eventOf("web", "IPAllocated"), 'Assigned IP ["10.0.0.1"]');
  const web = await client.get(serviceKind, { namespace: "default", name: "web" });
  assert.equal(web.metadata.annotations?.["metallb.io/ip-allocated-from-pool"], "default");
  assert.deepEqual(web.metadata.finalizers, ["service.kubernetes.io/load-balancer-cleanup"]);
  await until(async () => {
    const { status } = await client.get(ipAddressPools, { namespace: NAMESPACE, name: "default" });
    return status?.assignedIPv4 === 1 && status.availableIPv4 === 1 ? status : undefined;
  });
  await client.delete(serviceKind, { namespace: "default", name: "web" });
  await until(() =>
    client.get(serviceKind, { namespace: "default", name: "web" }).then(
      () => undefined,
      (error: unknown) => (isNotFound(error) ? true : undefined),
    ),
  );
  await expose("next");
  await addressesOf("next", ["10.0.0.1"]);
});

test("who finds no address waits for one, with an event that says so", async (t) => {
  const { client, expose, addressesOf, eventOf } = await startBalancedCluster(t);
  for (const name of ["a", "b"]) await expose(name);
  await addressesOf("b", ["10.0.0.2"]);
  await expose("c");
  assert.equal(await eventOf("c", "AllocationFailed"), 'Failed to allocate IP for "default/c": no available IPs');
  await client.patch(serviceKind, { namespace: "default", name: "a" }, "merge", { spec: { type: "ClusterIP" } });
  await addressesOf("c", ["10.0.0.1"]);
  await addressesOf("a", []);
});

test("addresses stay over a restart, and no address is given twice", async (t) => {
  const { start, stop, expose, addressesOf } = await startBalancedCluster(t, { addresses: ["10.0.0.0/28"] });
  const names = Array.from({ length: 8 }, (_, at) => `web-${at}`);
  for (const name of names) await expose(name);
  for (const [at, name] of names.entries()) await addressesOf(name, [`10.0.0.${at}`]);
  await stop();
  // Older by its name than those that have addresses.
  await expose("a");
  await start();
  await addressesOf("a", ["10.0.0.8"]);
  for (const [at, name] of names.entries()) await addressesOf(name, [`10.0.0.${at}`]);
});

test("a pool that is changed or deleted takes its addresses along; another one gives new ones", async (t) => {
  const { client, expose, addressesOf, eventOf } = await startBalancedCluster(t);
  await expose("web");
  await addressesOf("web", ["10.0.0.1"]);
  const key = { namespace: NAMESPACE, name: "default" };
  await client.patch(ipAddressPools, key, "merge", { spec: { addresses: ["10.0.1.0/24"], avoidBuggyIPs: true } });
  await addressesOf("web", ["10.0.1.1"]);
  assert.match(await eventOf("web", "ClearAssignment"), /\["10\.0\.0\.1"\] is not allowed in config/);
  await client.delete(ipAddressPools, key);
  await addressesOf("web", []);
  assert.match(await eventOf("web", "AllocationFailed"), /has no address pool/);
  const metadata = { name: "other", namespace: NAMESPACE };
  await client.create(ipAddressPools, { metadata, spec: { addresses: ["fd00::/120", "10.0.2.7-10.0.2.9"] } });
  await addressesOf("web", ["10.0.2.7"]);
});

test("a deleted first pool does not come back with a restart", async (t) => {
  const { client, start, stop, until, expose, eventOf } = await startBalancedCluster(t);
  const first = { namespace: NAMESPACE, name: "default" };
  await until(() => client.get(ipAddressPools, first));
  await client.delete(ipAddressPools, first);
  await stop();
  await start();
  await expose("web");
  assert.match(await eventOf("web", "AllocationFailed"), /has no address pool/);
  assert.deepEqual((await client.list(ipAddressPools)).items, []);
});

test("turned off, it takes back what it gave and says what to do; turned on again, it gives", async (t) => {
  const { client, expose, addressesOf, eventOf } = await startBalancedCluster(t);
  await expose("web");
  await addressesOf("web", ["10.0.0.1"]);
  await client.create(configMapKind, addons("disabled"));
  await addressesOf("web", []);
  assert.match(await eventOf("web", "AllocationFailed"), /the addon loadbalancer is off; `fairlead addons enable/);
  const byHand = { status: { loadBalancer: { ingress: [{ ip: "192.0.2.9" }] } } };
  await expose("theirs");
  const theirs = { namespace: "default", name: "theirs" };
  await client.patch(serviceKind, theirs, "merge", byHand, { subresource: "status" });
  await client.update(configMapKind, {
    ...(await client.get(configMapKind, { namespace: "kube-system", name: "fairlead-addons" })),
    data: { loadbalancer: "enabled" },
  });
  await addressesOf("web", ["10.0.0.1"]);
  await addressesOf("theirs", ["10.0.0.2"]);
});

test("off from the beginning: no kind is made, and what others wrote stays", async (t) => {
  const { client, expose, addressesOf, eventOf } = await startBalancedCluster(t, { isOnAtFirst: false });
  await expose("web");
  await eventOf("web", "AllocationFailed");
  await assert.rejects(client.list(ipAddressPools), isNotFound);
  const byHand = { status: { loadBalancer: { ingress: [{ ip: "192.0.2.9" }] } } };
  await client.patch(serviceKind, { namespace: "default", name: "web" }, "merge", byHand, { subresource: "status" });
  await addressesOf("web", ["192.0.2.9"]);
});

test("the ConfigMap of earlier MetalLBs makes pools that nodes answer for, and takes them along", async (t) => {
  const { client, expose, addressesOf, eventOf, until } = await startBalancedCluster(t);
  const pool = (name: string, addresses: string, protocol = "layer2") =>
    `- name: ${name}\n  protocol: ${protocol}\n  addresses:\n  - ${addresses}\n`;
  const write = (config: string) => ({ metadata: { name: "config", namespace: NAMESPACE }, data: { config } });
  await expose("counter-lb");
  await addressesOf("counter-lb", ["10.0.0.1"]);
  const config = write(`address-pools:\n${pool("default", "192.168.64.4-192.168.64.4")}${pool("more", "10.9.0.0/24")}`);
  await client.create(configMapKind, config);
  await addressesOf("counter-lb", ["192.168.64.4"]);
  const named = async () =>
    (await client.list(l2Advertisements)).items
      .map(({ metadata }) => metadata.name)
      .sort()
      .join();
  await until(async () => ((await named()) === "default,more" ? true : undefined));
  const replace = (text: string) => client.patch(configMapKind, key, "merge", { data: { config: text } });
  const key = { namespace: NAMESPACE, name: "config" };
  await replace(`address-pools:\n${pool("more", "10.9.0.0/24", "bgp")}`);
  assert.match(await eventOf("config", "InvalidConfiguration"), /has protocol "bgp": only layer2/);
  await replace(`address-pools:\n${pool("more", "10.9.0.0/24")}`);
  await addressesOf("counter-lb", ["10.9.0.0"]);
  await client.delete(configMapKind, key);
  await addressesOf("counter-lb", []);
  assert.equal(await named(), "");
});

test("annotations of clouds choose a pool by a table, and those without effect are named", async (t) => {
  const { client, expose, addressesOf, eventOf } = await startBalancedCluster(t);
  const AWS = "service.beta.kubernetes.io/aws-load-balancer";
  // As a tutorial about Services on AWS has them.
  const annotations = { [`${AWS}-internal`]: "true", [`${AWS}-scheme`]: "internal", [`${AWS}-type`]: "nlb" };
  await expose("inside", { metadata: { annotations } });
  await addressesOf("inside", ["10.0.0.1"]);
  assert.equal(
    await eventOf("inside", "AnnotationIgnored"),
    `no effect here: ${AWS}-type; ${AWS}-scheme asks for the pool "internal", and there is none: make an IPAddressPool of that name`,
  );
  const metadata = { name: "internal", namespace: NAMESPACE };
  await client.create(ipAddressPools, { metadata, spec: { addresses: ["10.8.0.0/24"], autoAssign: false } });
  await addressesOf("inside", ["10.8.0.0"]);
  await expose("outside", { metadata: { annotations: { [`${AWS}-scheme`]: "internet-facing" } } });
  await addressesOf("outside", ["10.0.0.1"]);
  const rules = `- {annotation: ${AWS}-scheme, value: internet-facing, pool: internal}`;
  const table = { metadata: { name: "annotation-pools", namespace: NAMESPACE }, data: { rules } };
  await client.create(configMapKind, table);
  await addressesOf("outside", ["10.8.0.1"]);
  const key = { name: "annotation-pools", namespace: NAMESPACE };
  await client.patch(configMapKind, key, "merge", { data: { rules: "- {annotation: a}" } });
  assert.match(await eventOf("annotation-pools", "InvalidConfiguration"), /rule 1 has no text for annotation and pool/);
  // By the rules of a cluster without the table any pool will do.
  await addressesOf("outside", ["10.8.0.1"]);
});

test("ranges that are none are refused at once, and pools that overlap say so", async (t) => {
  const { client, eventOf } = await startBalancedCluster(t);
  const create = (name: string, ...addresses: readonly string[]) =>
    client.create(ipAddressPools, { metadata: { name, namespace: NAMESPACE }, spec: { addresses } });
  for (const wrong of ["10.0.0.1", "10.0.0.0/33", "10.0.0.5-", "a-b", "10.0.0.1-10.0.0.2-10.0.0.3"]) {
    await assert.rejects(create("wrong", wrong), isInvalid, wrong);
  }
  await create("second", "10.0.0.2/32");
  assert.match(await eventOf("second", "InvalidPool"), /addresses of pool "second" overlap with pool "default"/);
  await create("third", "10.0.0.9-10.0.0.3");
  assert.match(await eventOf("third", "InvalidPool"), /start IP "10\.0\.0\.9" is after the end IP "10\.0\.0\.3"/);
});

test("a ConfigurationState says whether all pools are in force, and comes back when it is deleted", async (t) => {
  const { client, until } = await startBalancedCluster(t);
  const key = { namespace: NAMESPACE, name: "controller" };
  const stateOf = (result: string) =>
    until(async () => {
      const { status } = await client.get(configurationStates, key);
      return status?.result === result ? status : undefined;
    });
  assert.equal((await stateOf("Valid")).errorSummary, "");
  const second = { namespace: NAMESPACE, name: "second" };
  await client.create(ipAddressPools, { metadata: second, spec: { addresses: ["10.0.0.2/32"] } });
  const overlap = 'configuration error: addresses of pool "second" overlap with pool "default"';
  assert.equal((await stateOf("Invalid")).errorSummary, overlap);
  await client.delete(configurationStates, key);
  const [condition] = (await stateOf("Invalid")).conditions ?? [];
  assert.equal(condition?.type, "poolReconcilerValid");
  assert.equal(condition?.message, overlap);
  await client.delete(ipAddressPools, second);
  await stateOf("Valid");
});

test("metrics show the addresses of each pool under MetalLB's names, while the addon is on", async (t) => {
  const metrics = createMetrics();
  const { client, expose, addressesOf, until } = await startBalancedCluster(t, { metrics });
  await expose("web");
  await addressesOf("web", ["10.0.0.1"]);
  const lines = () =>
    metrics
      .text()
      .split("\n")
      .filter((line) => line.startsWith("metallb_"));
  assert.deepEqual(lines(), [
    'metallb_allocator_addresses_in_use_total{pool="default"} 1',
    'metallb_allocator_addresses_total{pool="default"} 2',
    'metallb_allocator_ipv4_addresses_in_use_total{pool="default"} 1',
    'metallb_allocator_ipv4_addresses_total{pool="default"} 2',
    'metallb_allocator_ipv6_addresses_in_use_total{pool="default"} 0',
    'metallb_allocator_ipv6_addresses_total{pool="default"} 0',
    'metallb_allocator_services_allocated_total{pool="default"} 1',
  ]);
  await client.create(configMapKind, addons("disabled"));
  await until(async () => (lines().length === 0 ? true : undefined));
});
