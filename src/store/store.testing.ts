import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "@fairlead/lib/clock";
import { createFakeClock, type FakeClock } from "@fairlead/lib/clock.testing";
import type { Store, WatchBatch, WatchRequest, WriteOperation } from "./store.ts";
import { CompactedError, FutureRevisionError, prefixEnd } from "./store.ts";
import { testAgainstModel } from "./store-model.testing.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined) => (value === undefined ? undefined : new TextDecoder().decode(value));

/** A write without conditions. */
export function put(key: string, value: string, ttlSeconds?: number): WriteOperation {
  return { type: "put", key, value: bytes(value), ...(ttlSeconds !== undefined && { ttlSeconds }) };
}

/** Writes without conditions, and answers the revision. */
export async function write(store: Store, ...success: WriteOperation[]): Promise<number> {
  return (await store.txn({ compare: [], success })).revision;
}

/** `put /a=1 (2<1)` is a change at revision 2 of what was written at 1. */
export function formatBatches(batches: readonly WatchBatch[]): string[] {
  return batches.flatMap((batch) =>
    batch.events.map((event) =>
      event.type === "put"
        ? `put ${event.item.key}=${text(event.item.value)} (${event.item.modRevision}<${event.previous?.modRevision ?? 0})`
        : `delete ${event.key} (${event.modRevision}<${event.previous.modRevision})`,
    ),
  );
}

/** Reads a watch until it has given `count` events. */
export async function firstEvents(
  store: Store,
  request: Omit<WatchRequest, "signal">,
  count: number,
): Promise<string[]> {
  const ending = new AbortController();
  const seen: string[] = [];
  for await (const batch of store.watch({ ...request, signal: ending.signal })) {
    seen.push(...formatBatches([batch]));
    if (seen.length >= count) ending.abort();
  }
  return seen;
}

type Row = readonly [name: string, run: (store: Store, t: TestContext) => Promise<void>];

const all = { start: "/", end: prefixEnd("/") };

const rows: Row[] = [
  [
    "a new store is at revision 1 and empty",
    async (store) => {
      assert.equal(await store.revision(), 1);
      assert.deepEqual(await store.range(all), { revision: 1, items: [], count: 0 });
      assert.deepEqual(await store.get("/a"), { revision: 1, item: undefined });
    },
  ],
  [
    "a write counts revisions and versions",
    async (store) => {
      assert.equal(await write(store, put("/a", "1")), 2);
      assert.equal(await write(store, put("/a", "2")), 3);
      const { item } = await store.get("/a");
      assert.deepEqual(
        { ...item, value: text(item?.value) },
        { key: "/a", value: "2", createRevision: 2, modRevision: 3, version: 2 },
      );
    },
  ],
  [
    "a key created after its deletion starts as a new one",
    async (store) => {
      await write(store, put("/a", "1"));
      await write(store, { type: "delete", key: "/a" });
      await write(store, put("/a", "2"));
      const { item } = await store.get("/a");
      assert.deepEqual([item?.createRevision, item?.modRevision, item?.version], [4, 4, 1]);
    },
  ],
  [
    "one transaction is one revision",
    async (store) => {
      assert.equal(await write(store, put("/a", "1"), put("/b", "2")), 2);
      assert.deepEqual(
        (await store.range(all)).items.map((i) => [i.key, i.modRevision]),
        [
          ["/a", 2],
          ["/b", 2],
        ],
      );
    },
  ],
  [
    "deleting what is not there changes nothing",
    async (store) => {
      assert.deepEqual(await store.txn({ compare: [], success: [{ type: "delete", key: "/a" }] }), {
        succeeded: true,
        revision: 1,
        read: [],
      });
    },
  ],
  [
    "a comparison that does not hold writes nothing and reads",
    async (store) => {
      await write(store, put("/a", "1"));
      const result = await store.txn({
        compare: [{ key: "/a", modRevision: 0 }],
        success: [put("/a", "2"), put("/b", "2")],
        failure: ["/b", "/a"],
      });
      assert.equal(result.succeeded, false);
      assert.equal(result.revision, 2);
      assert.deepEqual(
        result.read.map((item) => text(item?.value)),
        [undefined, "1"],
      );
      assert.equal((await store.range(all)).count, 1);
    },
  ],
  [
    "of writers that expect the same revision one wins",
    async (store) => {
      const attempt = (value: string) =>
        store.txn({ compare: [{ key: "/a", modRevision: 0 }], success: [put("/a", value)] });
      const results = await Promise.all(["1", "2", "3", "4"].map(attempt));
      assert.equal(results.filter((r) => r.succeeded).length, 1);
      assert.equal(await store.revision(), 2);
    },
  ],
  [
    "a range is in the order of UTF-8 bytes, with limit and count",
    async (store) => {
      const keys = ["/é", "/\u{1F600}", "/\u{FFFD}", "/a/1", "/a", "/b"];
      await write(store, ...keys.map((key) => put(key, key)));
      const { items, count } = await store.range(all);
      assert.deepEqual(
        items.map((i) => i.key),
        ["/a", "/a/1", "/b", "/é", "/\u{FFFD}", "/\u{1F600}"],
      );
      assert.equal(count, 6);
      const limited = await store.range({ ...all, limit: 2 });
      assert.deepEqual([limited.items.length, limited.count], [2, 6]);
      const uncounted = await store.range({ ...all, limit: 2, counts: false });
      assert.deepEqual([uncounted.items.length, uncounted.count], [2, undefined]);
      assert.deepEqual((await store.range({ start: "/a", end: "/b" })).count, 2);
    },
  ],
  [
    "the past can be read",
    async (store) => {
      await write(store, put("/a", "1"), put("/b", "1"));
      await write(store, put("/a", "2"), { type: "delete", key: "/b" });
      const past = await store.range({ ...all, revision: 2 });
      assert.deepEqual([past.items.map((i) => text(i.value)), past.count, past.revision], [["1", "1"], 2, 3]);
      assert.equal(text((await store.get("/b", { revision: 2 })).item?.value), "1");
      assert.equal((await store.get("/b")).item, undefined);
    },
  ],
  [
    "the future cannot be read or compacted",
    async (store) => {
      await assert.rejects(store.range({ ...all, revision: 2 }), FutureRevisionError);
      await assert.rejects(store.get("/a", { revision: 2 }), FutureRevisionError);
      await assert.rejects(store.compact(2), FutureRevisionError);
    },
  ],
  [
    "compaction forgets the past and keeps the present",
    async (store) => {
      await write(store, put("/a", "1"), put("/b", "1"));
      await write(store, put("/a", "2"));
      await write(store, { type: "delete", key: "/b" });
      await store.compact(3);
      await store.compact(2);
      await assert.rejects(
        store.range({ ...all, revision: 2 }),
        (e) => e instanceof CompactedError && e.compactRevision === 3,
      );
      await assert.rejects(store.get("/a", { revision: 2 }), CompactedError);
      await assert.rejects(firstEvents(store, { ...all, fromRevision: 2 }, 1), CompactedError);
      assert.equal((await store.range({ ...all, revision: 3 })).count, 2);
      assert.deepEqual(await firstEvents(store, { ...all, fromRevision: 4 }, 1), ["delete /b (4<2)"]);
      assert.equal(text((await store.get("/a")).item?.value), "2");
    },
  ],
  [
    "a watch gives history and then what happens, without a gap",
    async (store) => {
      await write(store, put("/a", "1"));
      await write(store, put("/a", "2"), put("/x", "1"));
      const events = firstEvents(store, { ...all, fromRevision: 2 }, 5);
      await write(store, { type: "delete", key: "/a" });
      await write(store, put("/b", "1"));
      assert.deepEqual(await events, [
        "put /a=1 (2<0)",
        "put /a=2 (3<2)",
        "put /x=1 (3<0)",
        "delete /a (4<3)",
        "put /b=1 (5<0)",
      ]);
    },
  ],
  [
    "a watch gives its own range only, from its own revision on",
    async (store) => {
      const events = firstEvents(store, { start: "/a/", end: prefixEnd("/a/"), fromRevision: 4 }, 2);
      for (const key of ["/a/1", "/b/1", "/a/2", "/a0", "/a/3"]) await write(store, put(key, "x"));
      assert.deepEqual(await events, ["put /a/2=x (4<0)", "put /a/3=x (6<0)"]);
    },
  ],
  [
    "a watch with progress reports its revision",
    async (store) => {
      const ending = new AbortController();
      const seen: number[] = [];
      await write(store, put("/a", "1"));
      for await (const batch of store.watch({
        ...all,
        start: "/b",
        fromRevision: 3,
        progress: true,
        signal: ending.signal,
      })) {
        assert.equal(batch.events.length, 0);
        seen.push(batch.revision);
        if (seen.length === 1) await write(store, put("/a", "2"));
        if (seen.length === 2) ending.abort();
      }
      assert.deepEqual(seen, [2, 3]);
    },
  ],
  [
    "a watch calls its function for progress in place of batches without events",
    async (store) => {
      const ending = new AbortController();
      const seen: string[] = [];
      const goOn = async (revision: number) => {
        seen.push(`progress ${revision}`);
        if (revision === 2) await write(store, put("/a", "2"));
        if (revision === 3) await write(store, put("/b", "1"));
        if (revision === 5) ending.abort();
      };
      await write(store, put("/a", "1"));
      const progress = (revision: number) => void goOn(revision);
      const changes = { ...all, start: "/b", fromRevision: 3, progress, signal: ending.signal };
      for await (const { revision, events } of store.watch(changes)) {
        seen.push(`${events.length} up to ${revision}`);
        await write(store, put("/a", "3"));
      }
      assert.deepEqual(seen, ["progress 2", "progress 3", "1 up to 4", "progress 5"]);
    },
  ],
  [
    "a watch ends when its signal is aborted and when it was before",
    async (store) => {
      const ending = new AbortController();
      const ended = (async () => {
        for await (const _ of store.watch({ ...all, fromRevision: 2, signal: ending.signal })) assert.fail("no change");
      })();
      await sleep(5);
      ending.abort();
      await ended;
      for await (const _ of store.watch({ ...all, fromRevision: 1, signal: ending.signal })) assert.fail("aborted");
    },
  ],
  [
    "a slow watcher misses nothing",
    async (store) => {
      const ending = new AbortController();
      const seen: number[] = [];
      for await (const batch of store.watch({ ...all, fromRevision: 2, progress: true, signal: ending.signal })) {
        if (seen.length === 0 && batch.events.length === 0) {
          for (let i = 0; i < 13; i++) {
            await write(store, ...Array.from({ length: 900 }, (_, k) => put(`/k${k}`, `${i}`)));
          }
        }
        for (const event of batch.events) seen.push(event.type === "put" ? event.item.modRevision : 0);
        if (seen.length === 13 * 900) ending.abort();
      }
      assert.deepEqual([...new Set(seen)], [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    },
  ],
  [
    "a key with a time to live is deleted, and its deletion is seen",
    async (store) => {
      await write(store, put("/short", "1", 0.01), put("/kept", "1", 0.01), put("/long", "1", 3600));
      await write(store, put("/kept", "2"));
      assert.deepEqual(await firstEvents(store, { ...all, fromRevision: 4 }, 1), ["delete /short (4<2)"]);
      assert.deepEqual(
        (await store.range(all)).items.map((i) => i.key),
        ["/kept", "/long"],
      );
    },
  ],
  [
    "what a caller gets wrong is refused by name",
    async (store) => {
      await assert.rejects(write(store, put("/a", "1"), put("/a", "2")), /Cannot write "\/a" twice/);
      await assert.rejects(write(store, put("/a", "1", 0)), /Cannot keep "\/a" for 0 s: must be more than 0/);
      const many = Array.from({ length: 1001 }, (_, i) => put(`/${i}`, ""));
      await assert.rejects(write(store, ...many), /Cannot write 1001 keys in one transaction: at most 1000/);
      assert.equal(await store.revision(), 1);
    },
  ],
  [
    "a closed store refuses, and its watches end",
    async (store) => {
      const ended = firstEvents(store, { ...all, fromRevision: 2 }, 1);
      await store.close();
      await store.close();
      assert.deepEqual(await ended, []);
      await assert.rejects(write(store, put("/a", "1")), /The store is closed/);
      await assert.rejects(store.range(all), /The store is closed/);
    },
  ],
];

/** Tests in which time passes. */
const timed: readonly (readonly [name: string, run: (store: Store, clock: FakeClock) => Promise<void>])[] = [
  [
    "all keys with an expired time to live are deleted in one interval",
    async (store, clock) => {
      const keys = Array.from({ length: 1_700 }, (_, i) => `/k${i}`);
      await write(store, ...keys.slice(0, 900).map((key) => put(key, "1", 60)));
      await write(store, ...keys.slice(900).map((key) => put(key, "1", 60)));
      await write(store, put("/later", "1", 66), put("/stays", "1"));
      const deletions = firstEvents(store, { ...all, fromRevision: 5 }, keys.length);
      await clock.advance(65_000);
      const deleted = (await deletions).map((event) => event.split(" ")[1] ?? "");
      assert.deepEqual(deleted.toSorted(), keys.toSorted());
      assert.deepEqual(
        (await store.range(all)).items.map((i) => i.key),
        ["/later", "/stays"],
      );
    },
  ],
  [
    "a key stays if its last value has no time to live, also where that value could wait for others",
    async (store, clock) => {
      await write(store, put("/a", "1", 60), put("/b", "1", 60));
      const writing = store.txn({ compare: [], success: [put("/a", "2")], maxDelayMs: 1 });
      await clock.advance(1);
      await writing;
      const deletion = firstEvents(store, { ...all, fromRevision: 4 }, 1);
      await clock.advance(65_000);
      assert.deepEqual(await deletion, ["delete /b (4<2)"]);
      assert.equal(text((await store.get("/a")).item?.value), "2");
    },
  ],
  ["random histories agree with a naive model", testAgainstModel],
];

/**
 * Holds an implementation to every promise of {@link Store}.
 *
 * @param create - Returns a new, empty store with this clock, or else the machine's.
 */
export function runStoreTests(name: string, create: (t: TestContext, clock?: Clock) => Promise<Store>): void {
  for (const [sentence, run] of timed) {
    test(`${name}: ${sentence}`, { timeout: 240_000 }, async (t) => {
      const clock = createFakeClock();
      await using store = await create(t, clock);
      await run(store, clock);
    });
  }
  for (const [sentence, run] of rows) {
    test(`${name}: ${sentence}`, { timeout: 240_000 }, async (t) => {
      await using store = await create(t);
      await run(store, t);
    });
  }
}
