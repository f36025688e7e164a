import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store } from "@fairlead/store/store";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

const metadata = { name: "a", namespace: "shop" };
const PATH = "/api/v1/namespaces/shop/configmaps/a";

async function nameAndCode(answer: Promise<{ readonly status: number; readonly body: AsyncIterable<Uint8Array> }>) {
  const { status, body } = await answer;
  return [status, JSON.parse(await text(body)).metadata.name];
}

test("a get right after a write shows it, whether the cache has come that far or not", async (t) => {
  const store = createMemoryStore();
  let reads = 0;
  const counting: Store = {
    ...store,
    get(key, options) {
      reads++;
      return store.get(key, options);
    },
  };
  const api = await startTestApiServer({ store: counting });
  t.after(async () => {
    await api.stop();
    await store.close();
  });
  const get = (query = "") => api.handle({ method: "GET", path: `${PATH}${query}`, headers: {} });
  await api.client().create(configMapKind, { metadata });
  assert.deepEqual(await nameAndCode(get()), [200, "a"]);
  const revision = await store.revision();
  // Now the cache has come as far as the store.
  await get(`?resourceVersion=${revision}`);
  reads = 0;
  assert.deepEqual(await nameAndCode(get()), [200, "a"]);
  assert.equal(reads, 0);
  await api.client().delete(configMapKind, metadata);
  assert.equal((await get()).status, 404);
});

test("a cache that is behind is not asked", async (t) => {
  const store = createMemoryStore();
  // A store that shows no change after the start.
  const silent: Store = {
    ...store,
    async *watch({ signal }) {
      yield { revision: await store.revision(), events: [] };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  };
  const api = await startTestApiServer({ store: silent });
  t.after(async () => {
    await api.stop();
    await store.close();
  });
  await api.client().create(configMapKind, { metadata });
  const { status } = await api.handle({ method: "GET", path: PATH, headers: {} });
  assert.equal(status, 200);
});
