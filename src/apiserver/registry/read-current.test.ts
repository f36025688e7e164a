import assert from "node:assert/strict";
import { test } from "node:test";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Kind } from "@fairlead/api/kind";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { WatchCache } from "../watch-cache/watch-cache.ts";
import { readCurrent } from "./read-current.ts";
import { storedObject } from "./stored-object.ts";

const key = "/registry/pods/default/p";
const kind = podKind as unknown as Kind;
const bytes = (node: string) => new TextEncoder().encode(JSON.stringify({ metadata: { name: "p" }, spec: { node } }));

const cases: { name: string; isCached: boolean; behind: number; want: string; reads: number }[] = [
  { name: "without a cache the store is read", isCached: false, behind: 0, want: "new", reads: 1 },
  { name: "a cache that is behind the store is not read", isCached: true, behind: 1, want: "new", reads: 1 },
  {
    name: "a cache that has come as far as the store spares its read",
    isCached: true,
    behind: 0,
    want: "new",
    reads: 0,
  },
];
for (const { name, isCached, behind, want, reads } of cases) {
  test(`readCurrent: ${name}`, async () => {
    await using store = createMemoryStore();
    await store.txn({ compare: [], success: [{ type: "put", key, value: bytes("old") }] });
    const { revision } = await store.txn({ compare: [], success: [{ type: "put", key, value: bytes("new") }] });
    const shown = behind > 0 ? "old" : "new";
    const item = { key, value: bytes(shown), createRevision: 1, modRevision: revision - behind, version: 1 };
    const current: Pick<WatchCache, "revision" | "get"> = {
      revision: revision - behind,
      get: (asked) => (asked === key ? storedObject(kind, item) : undefined),
    };
    let count = 0;
    const counting = {
      revision: () => store.revision(),
      get(asked: string) {
        count += 1;
        return store.get(asked);
      },
    };
    // Of the cache, only the two are read.
    const cache = { current: isCached ? (current as WatchCache) : undefined };
    const resource = { kind, cache } as Parameters<typeof readCurrent>[1];
    const found = await readCurrent(counting, resource, key);
    assert.ok(found);
    assert.deepEqual((found.object as unknown as { spec: unknown }).spec, { node: want });
    assert.equal(count, reads);
    assert.equal(await readCurrent(counting, resource, "/registry/pods/default/q"), undefined);
  });
}
