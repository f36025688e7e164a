import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { recentChanges } from "./recent-changes.ts";

const range = { start: "/a/", end: "/a0" };
const { signal } = new AbortController();

/** Ten changes of 100 bytes each: revisions 2 to 11. */
async function storeOfTen() {
  const store = createMemoryStore();
  for (let i = 0; i < 10; i++) {
    const put = { type: "put" as const, key: "/a/x", value: new Uint8Array(100) };
    await store.txn({ compare: [], success: [put] });
  }
  return store;
}

const rows = [
  { name: "all of them", revisionsMax: 100, bytesMax: 10_000, floor: 0, count: 10 },
  { name: "so many revisions", revisionsMax: 4, bytesMax: 10_000, floor: 7, count: 4 },
  { name: "so many bytes", revisionsMax: 100, bytesMax: 350, floor: 8, count: 3 },
  { name: "nothing of what is too large", revisionsMax: 100, bytesMax: 50, floor: 11, count: 0 },
];
for (const { name, revisionsMax, bytesMax, floor, count } of rows) {
  test(`the newest changes: ${name}`, async (t) => {
    const store = await storeOfTen();
    t.after(() => store.close());
    const found = await recentChanges(store, { ...range, revision: 11, revisionsMax, bytesMax, signal });
    assert.deepEqual([found.floor, found.events.length], [floor, count]);
  });
}

test("changes after the wanted revision are left out", async (t) => {
  const store = await storeOfTen();
  t.after(() => store.close());
  const found = await recentChanges(store, { ...range, revision: 5, revisionsMax: 2, bytesMax: 10_000, signal });
  assert.deepEqual([found.floor, found.events.length], [3, 2]);
});
