import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "@fairlead/lib/log";
import { startCompactor } from "./compactor.ts";
import { createMemoryStore } from "./memory/memory-store.ts";
import { put, write } from "./store.testing.ts";

test("history is kept for one interval, and forgotten after two", async () => {
  await using store = createMemoryStore();
  const wakes: (() => void)[] = [];
  const clock = {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        wakes.push(resolve);
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  const interval = async () => {
    await new Promise(setImmediate);
    wakes.shift()?.();
    await new Promise(setImmediate);
  };
  await write(store, put("/a", "1"));
  const compactor = startCompactor({ store, clock, log: silentLogger });
  await interval();
  await write(store, put("/a", "2"));
  assert.equal((await store.get("/a", { revision: 2 })).item?.version, 1);
  await interval();
  await write(store, put("/a", "3"));
  assert.equal((await store.get("/a", { revision: 2 })).item?.version, 1);
  await interval();
  await assert.rejects(store.get("/a", { revision: 2 }), { name: "CompactedError", compactRevision: 3 });
  await compactor.stop();
});
