import assert from "node:assert/strict";
import { test } from "node:test";
import { type Lease, leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { createFakeApi } from "@fairlead/client/fake-api.testing";
import { createClient } from "@fairlead/client/rest/rest-client";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { startNodeLease } from "./node-lease.ts";

const NODE = "/api/v1/nodes/n1";
const LEASE = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1";
const START_MS = Date.UTC(2026, 0, 1);

function start(t: { after(end: () => Promise<void>): void }) {
  const api = createFakeApi();
  const client = createClient(api);
  const clock = createFakeClock(START_MS);
  api.put(NODE, {});
  const missing: number[] = [];
  const onNodeMissing = () => missing.push(clock.now());
  const lease = startNodeLease({ client, nodeName: "n1", onNodeMissing, clock, random: () => 0, log: silentLogger });
  t.after(() => lease.stop());
  const present = async (): Promise<Lease | undefined> => {
    const { items } = await client.list(leaseKind, { namespace: "kube-node-lease" });
    return items[0];
  };
  const nodeUid = async () => {
    const body = (await api.send({ method: "GET", path: NODE, headers: {} })).body;
    let text = "";
    for await (const piece of body) text += new TextDecoder().decode(piece);
    return JSON.parse(text).metadata.uid as string;
  };
  return { api, clock, missing, present, nodeUid };
}

const ownerUids = (lease: Lease | undefined) => lease?.metadata.ownerReferences?.map(({ uid }) => uid);

test("a node's lease belongs to its Node and is renewed every ten seconds", async (t) => {
  const { clock, present, nodeUid } = start(t);
  await clock.advance(0);
  assert.deepEqual(ownerUids(await present()), [await nodeUid()]);
  await clock.advance(10_000);
  assert.equal((await present())?.spec.renewTime, "2026-01-01T00:00:10.000000Z");
});

test("a lease that went with its Node is created again for the new Node", async (t) => {
  const { api, clock, missing, present, nodeUid } = start(t);
  await clock.advance(0);
  const before = await nodeUid();
  api.remove(NODE);
  api.remove(LEASE);
  await clock.advance(10_000);
  await clock.advance(1_000);
  assert.equal(await present(), undefined, "no lease without a Node, which would stay for ever");
  assert.ok(missing.length > 0, "and the Node is asked for");
  api.put(NODE, {});
  await clock.advance(10_000);
  const lease = await present();
  assert.deepEqual(ownerUids(lease), [await nodeUid()]);
  assert.notEqual(await nodeUid(), before);
  await clock.advance(10_000);
  assert.notEqual((await present())?.spec.renewTime, lease?.spec.renewTime, "and renewed");
});

test("a lease without an owner gets one", async (t) => {
  const { api, clock, present, nodeUid } = start(t);
  api.put(LEASE, { metadata: { name: "n1", namespace: "kube-node-lease" }, spec: {} });
  await clock.advance(10_000);
  assert.deepEqual(ownerUids(await present()), [await nodeUid()]);
});
