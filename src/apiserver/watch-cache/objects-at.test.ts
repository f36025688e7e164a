import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { prefixEnd } from "@fairlead/store/store";
import { kindPrefix, objectKey } from "../registry/keys.ts";
import { startWatchCache } from "./watch-cache.ts";

const KEYS = 12;
const WRITES = 120;
const prefix = kindPrefix(configMapKind);
const end = prefixEnd(prefix);

/** As mulberry32. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

for (const seed of [1, 2, 3]) {
  test(`every part of every earlier state is as the store has it (seed ${seed})`, async (t) => {
    const random = seeded(seed);
    const store = createMemoryStore();
    const write = async () => {
      const key = objectKey(configMapKind, "n", `c${random(KEYS)}`);
      const { item } = await store.get(key);
      if (item !== undefined && random(3) === 0) {
        await store.txn({ compare: [], success: [{ type: "delete", key }] });
      } else {
        const value = Buffer.from(`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x"},"n":${random(1e6)}}`);
        await store.txn({ compare: [], success: [{ type: "put", key, value }] });
      }
    };
    for (let i = 0; i < WRITES / 2; i++) await write();
    const oldest = await store.revision();
    const kind = configMapKind;
    const cache = await startWatchCache({ store, kind, clock: systemClock, log: silentLogger });
    t.after(async () => {
      await cache.stop();
      await store.close();
    });
    for (let i = 0; i < WRITES / 2; i++) await write();
    const newest = await store.revision();
    await cache.catchUp();
    const textsOf = (items: readonly { readonly key: string; readonly revision: number }[]) =>
      items.map(({ key, revision }) => `${key} ${revision}`);
    let compared = 0;
    for (let revision = oldest - 20; revision <= newest; revision++) {
      const start = random(2) === 0 ? prefix : objectKey(kind, "n", `c${random(KEYS)}`);
      const limit = random(2) === 0 ? Number.POSITIVE_INFINITY : random(KEYS);
      const objects = cache.at(revision, { start, end, limit });
      assert.ok(objects !== undefined);
      const { items } = await store.range({ start, end, revision });
      const expected = items.map(({ key, modRevision }) => ({ key, revision: modRevision }));
      assert.deepEqual(textsOf(objects), textsOf(expected.slice(0, limit)));
      compared += objects.length;
    }
    assert.ok(compared > 100);
    assert.equal(cache.at(newest + 1, { start: prefix, end, limit: 1 }), undefined);
  });
}

test("a state before the window is not known", async (t) => {
  const store = createMemoryStore();
  const window = { eventsMax: 1, bytesMax: 1e6, ageMaxMs: 1e6, agedEventsMax: 1 };
  const cache = await startWatchCache({ store, kind: configMapKind, clock: systemClock, log: silentLogger, window });
  t.after(async () => {
    await cache.stop();
    await store.close();
  });
  const before = await store.revision();
  for (const name of ["a", "b"]) {
    const value = Buffer.from("{}");
    await store.txn({ compare: [], success: [{ type: "put", key: objectKey(configMapKind, "n", name), value }] });
  }
  await cache.catchUp();
  assert.equal(cache.at(before, { start: prefix, end, limit: 1 }), undefined);
  assert.equal(cache.at(before + 1, { start: prefix, end, limit: 9 })?.length, 1);
});
