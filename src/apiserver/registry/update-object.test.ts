import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store } from "@fairlead/store/store";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

const CLIENTS = 200;

test("clients that patch one object at once all succeed, and lose at most once each", async (t) => {
  const memory = createMemoryStore();
  let transactions = 0;
  const store: Store = {
    ...memory,
    txn(request) {
      transactions++;
      return memory.txn(request);
    },
  };
  const api = await startTestApiServer({ store });
  t.after(async () => {
    await api.stop();
    await memory.close();
  });
  const client = api.client();
  const key = { name: "a", namespace: "default" };
  await client.create(configMapKind, { metadata: key, data: {} });
  transactions = 0;
  const patch = (number: number) => client.patch(configMapKind, key, "merge", { data: { [`k${number}`]: "x" } });
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => patch(number)));
  const { data = {} } = await client.get(configMapKind, key);
  assert.equal(Object.keys(data).length, CLIENTS);
  assert.ok(transactions <= 2 * CLIENTS, `${transactions} transactions`);
});
