import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { Client } from "@fairlead/client/client";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { startTestApiServer } from "../../testing/start-test-server.testing.ts";

type Delay = readonly [key: string, maxDelayMs: number];

/** A client, and how long each write of it might wait. */
async function start(t: TestContext): Promise<{ readonly client: Client; readonly delays: Delay[] }> {
  const memory = createMemoryStore();
  const delays: Delay[] = [];
  const store: typeof memory = {
    ...memory,
    txn(request) {
      delays.push([request.success[0]?.key.split("/").slice(-2).join("/") ?? "", request.maxDelayMs ?? 0]);
      return memory.txn(request);
    },
  };
  const api = await startTestApiServer({ store });
  t.after(() => api.stop());
  return { client: api.client(), delays };
}

const later = "2026-01-01T00:05:00.000000Z";
const leases: readonly { readonly namespace: string; readonly holder: string; readonly want: number }[] = [
  { namespace: "kube-node-lease", holder: "n1", want: 2_000 },
  { namespace: "kube-system", holder: "n1", want: 2_000 },
  { namespace: "kube-system", holder: "n2", want: 0 },
  { namespace: "default", holder: "n1", want: 0 },
];

for (const { namespace, holder, want } of leases) {
  test(`an update of a lease of n1 by ${holder} in ${namespace} may wait ${want} ms`, async (t) => {
    const { client, delays } = await start(t);
    await client.create(namespaceKind, { metadata: { name: namespace } }).catch(() => {});
    delays.length = 0;
    const spec = { holderIdentity: "n1", renewTime: "2026-01-01T00:00:00.000000Z" };
    const lease = await client.create(leaseKind, { metadata: { namespace, name: "l" }, spec });
    await client.update(leaseKind, { ...lease, spec: { ...spec, holderIdentity: holder, renewTime: later } });
    assert.deepEqual(delays, [
      [`${namespace}/l`, 0],
      [`${namespace}/l`, want],
    ]);
  });
}

const condition = {
  type: "Ready",
  status: "True" as const,
  lastHeartbeatTime: "2026-01-01T00:00:00Z",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};
const changes: readonly { readonly name: string; readonly change: (node: Node) => Node; readonly want: number }[] = [
  {
    name: "only the time of a heartbeat",
    change: (node) => ({
      ...node,
      status: { ...node.status, conditions: [{ ...condition, lastHeartbeatTime: later }] },
    }),
    want: 2_000,
  },
  {
    name: "a condition",
    change: (node) => ({
      ...node,
      status: { ...node.status, conditions: [{ ...condition, status: "False", lastHeartbeatTime: later }] },
    }),
    want: 0,
  },
  {
    name: "an address",
    change: (node) => ({
      ...node,
      status: { ...node.status, addresses: [{ type: "InternalIP", address: "172.30.0.2" }] },
    }),
    want: 0,
  },
  {
    name: "a label",
    change: (node) => ({ ...node, metadata: { ...node.metadata, labels: { a: "b" } } }),
    want: 0,
  },
];

for (const { name, change, want } of changes) {
  test(`an update of a Node that changes ${name} may wait ${want} ms`, async (t) => {
    const { client, delays } = await start(t);
    const node = await client.create(nodeKind, { metadata: { name: "n1" }, status: { conditions: [condition] } });
    delays.length = 0;
    const changed = change(node);
    await client.update(nodeKind, changed, changed.status === node.status ? {} : { subresource: "status" });
    assert.deepEqual(delays, [["nodes/n1", want]]);
  });
}
