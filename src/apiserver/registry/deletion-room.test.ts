import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

test("every step of a deletion may use the room that the store keeps for deletions, and no other write", async (t) => {
  const memory = createMemoryStore();
  const writes: (readonly [what: string, forDeletion: boolean])[] = [];
  const store: typeof memory = {
    ...memory,
    txn(request) {
      writes.push([request.success[0]?.type ?? "", request.forDeletion ?? false]);
      return memory.txn(request);
    },
  };
  const api = await startTestApiServer({ store });
  t.after(() => api.stop());
  const client = api.client();
  const key = { namespace: "default", name: "a" };
  writes.length = 0;
  const made = await client.create(configMapKind, { metadata: { ...key, finalizers: ["test/wait"] } });
  const changed = await client.update(configMapKind, { ...made, data: { a: "1" } });
  await client.delete(configMapKind, key);
  const marked = await client.get(configMapKind, key);
  assert.notEqual(marked.metadata.deletionTimestamp, undefined);
  const waiting = await client.update(configMapKind, { ...marked, data: { a: "2" } });
  await client.update(configMapKind, { ...waiting, metadata: { ...waiting.metadata, finalizers: [] } });
  await client.create(configMapKind, { metadata: key, data: changed.data });
  await client.delete(configMapKind, key);
  assert.deepEqual(writes, [
    ["put", false],
    ["put", false],
    ["put", true],
    ["put", true],
    ["delete", true],
    ["put", false],
    ["delete", true],
  ]);
});
