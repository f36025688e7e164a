import assert from "node:assert/strict";
import { test } from "node:test";
import { leaseKind } from "../../../api/coordination/v1/lease.ts";
import { namespaceKind } from "../../../api/core/v1/namespace.ts";
import { createMemoryStore } from "../../../store/memory/memory-store.ts";
import { startTestApiServer } from "../../testing/start-test-server.testing.ts";

test("only renewals of Node leases may wait to share a commit", async (t) => {
  const memory = createMemoryStore();
  const delays: (readonly [key: string, maxDelayMs: number])[] = [];
  const store: typeof memory = {
    ...memory,
    txn(request) {
      delays.push([request.success[0]?.key.split("/").slice(-2).join("/") ?? "", request.maxDelayMs ?? 0]);
      return memory.txn(request);
    },
  };
  const api = await startTestApiServer({ store });
  t.after(() => api.stop());
  const client = api.client();
  for (const namespace of ["default", "kube-node-lease"]) {
    await client.create(namespaceKind, { metadata: { name: namespace } }).catch(() => {});
    delays.length = 0;
    const lease = await client.create(leaseKind, { metadata: { namespace, name: "n1" }, spec: {} });
    await client.update(leaseKind, { ...lease, spec: { ...lease.spec, holderIdentity: "n1" } });
    assert.deepEqual(delays, [
      [`${namespace}/n1`, 0],
      [`${namespace}/n1`, namespace === "default" ? 0 : 2_000],
    ]);
  }
});
