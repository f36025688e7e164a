import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store } from "@fairlead/store/store";
import { readAll } from "./read-all.ts";

const range = { start: "/a/", end: "/a0" };

async function storeWith(count: number): Promise<Store> {
  const store = createMemoryStore();
  for (let i = 0; i < count; i++) await put(store, `/a/${String(i).padStart(3, "0")}`);
  await put(store, "/b/other");
  return store;
}

function put(store: Store, key: string) {
  return store.txn({ compare: [], success: [{ type: "put", key, value: Buffer.from("{}") }] });
}

for (const count of [0, 1, 9, 10, 11, 20, 35]) {
  test(`${count} objects are read in parts of ten, as of one revision`, async (t) => {
    const store = await storeWith(count);
    t.after(() => store.close());
    const revision = await store.revision();
    let reads = 0;
    const changing: Pick<Store, "range"> = {
      async range(request) {
        const found = await store.range(request);
        reads++;
        await put(store, `/a/${String(count).padStart(3, "0")}${reads}`);
        return found;
      },
    };
    const all = await readAll(changing, range, 10);
    assert.equal(all.revision, revision);
    assert.deepEqual(
      all.items.map(({ key }) => key),
      Array.from({ length: count }, (_, i) => `/a/${String(i).padStart(3, "0")}`),
    );
    assert.equal(reads, Math.floor(count / 10) + 1);
  });
}

test("a compaction between two parts begins the reading again", async (t) => {
  const store = await storeWith(25);
  t.after(() => store.close());
  let reads = 0;
  const compacting: Pick<Store, "range"> = {
    async range(request) {
      const found = await store.range(request);
      if (++reads === 1) {
        await put(store, "/a/new");
        await store.compact(await store.revision());
      }
      return found;
    },
  };
  const all = await readAll(compacting, range, 10);
  assert.equal(all.items.length, 26);
  assert.equal(all.revision, await store.revision());
});
