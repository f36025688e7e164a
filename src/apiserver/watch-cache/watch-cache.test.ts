import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { encodeStored } from "@fairlead/api/codec/encode";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { isExpired, StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import { systemClock } from "@fairlead/lib/clock";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { Store } from "@fairlead/store/store";
import { CompactedError } from "@fairlead/store/store";
import { startWatchCache } from "./watch-cache.ts";

const everything = { prefix: "/registry/configmaps/" };
const key = (name: string) => `/registry/configmaps/default/${name}`;

async function put(store: Store, name: string): Promise<number> {
  const metadata = {
    name,
    namespace: "default",
    uid: "u",
    resourceVersion: "",
    creationTimestamp: "2026-01-01T00:00:00Z",
  };
  const object: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata };
  const value = new TextEncoder().encode(encodeStored(configMapKind, object));
  return (await store.txn({ compare: [], success: [{ type: "put", key: key(name), value }] })).revision;
}

/** Time that only moves when it is waited for: every wait ends at once. */
const impatientClock: Clock = { now: () => 0, monotonicMs: () => 0, sleep: async () => {} };

async function started(t: TestContext, store: Store, clock = systemClock) {
  const cache = await startWatchCache({ store, kind: configMapKind, clock, log: silentLogger });
  t.after(() => cache.stop());
  return cache;
}

const names = (objects: readonly { readonly object: KubeObject }[]) =>
  objects.map(({ object }) => object.metadata.name);

test("a cache holds what was there and what comes, in order", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  await put(store, "b");
  const cache = await started(t, store);
  assert.deepEqual(names(cache.below("/registry/configmaps/")), ["b"]);
  await cache.reach(await put(store, "a"));
  assert.deepEqual(names(cache.below("/registry/configmaps/default/")), ["a", "b"]);
  assert.deepEqual(names(cache.below("/registry/configmaps/other/")), []);
  const { revision } = await store.txn({ compare: [], success: [{ type: "delete", key: key("b") }] });
  await cache.reach(revision);
  assert.equal(cache.get(key("b")), undefined);
});

test("a follower gets a deletion with the object's last state and the deletion's revision", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  await put(store, "a");
  const cache = await started(t, store);
  const follower = cache.follow(cache.revision, everything);
  const { revision } = await store.txn({ compare: [], success: [{ type: "delete", key: key("a") }] });
  await cache.reach(revision);
  const [event, ...rest] = follower.take() ?? [];
  assert.deepEqual(rest, []);
  assert.equal(event?.after, undefined);
  assert.equal(event?.before?.object.metadata.resourceVersion, String(revision));
});

test("followers get the changes that they are interested in only", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const cache = await started(t, store);
  let heard = 0;
  const follower = cache.follow(cache.revision, { ...everything, key: key("a") });
  const unsubscribe = follower.onNews(() => {
    heard++;
  });
  const other = { type: "put" as const, key: "/registry/secrets/default/s", value: new Uint8Array(1) };
  await cache.reach((await store.txn({ compare: [], success: [other] })).revision);
  await cache.reach(await put(store, "b"));
  await settle();
  assert.equal(heard, 0);
  assert.deepEqual(follower.take(), []);
  await put(store, "a");
  await cache.reach(await put(store, "a"));
  await settle();
  assert.equal(heard, 1);
  assert.equal(follower.take()?.length, 2);
  unsubscribe();
  await cache.reach(await put(store, "a"));
  await settle();
  assert.equal(heard, 1);
});

test("changes keep no parsed object that was replaced or deleted, also when fields were looked at", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  await put(store, "a");
  const cache = await started(t, store);
  const follower = cache.follow(cache.revision, { ...everything, field: { name: "metadata.name", value: "a" } });
  t.after(follower.onNews(() => {}));
  await put(store, "a");
  const { revision } = await store.txn({ compare: [], success: [{ type: "delete", key: key("a") }] });
  await cache.reach(revision);
  const olds = follower.take()?.map(({ before }) => before) ?? [];
  assert.equal(olds.length, 2);
  for (const before of olds) assert.notEqual(before?.object, before?.object);
});

test("a follower that is interested in nothing of what is dropped has missed nothing", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const window = { eventsMax: 2, bytesMax: 1_000_000, ageMaxMs: 60_000, agedEventsMax: 2 };
  const cache = await startWatchCache({
    store,
    kind: configMapKind,
    clock: systemClock,
    log: silentLogger,
    window,
  });
  t.after(() => cache.stop());
  const follower = cache.follow(cache.revision, { ...everything, key: key("a") });
  const idle = cache.follow(cache.revision, everything);
  follower.onNews(() => {});
  for (const name of ["b", "c", "d", "e", "a"]) await cache.reach(await put(store, name));
  assert.equal(follower.isLost, false);
  assert.equal(follower.hasMore, true);
  assert.deepEqual(
    follower.take()?.map((event) => event.after?.key),
    [key("a")],
  );
  assert.equal(idle.isLost, true);
  assert.equal(idle.take(), undefined);
});

test("a follower that reads nothing is notified when its changes are dropped for their age", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const clock = createFakeClock();
  const window = { eventsMax: 100, bytesMax: 1_000_000, ageMaxMs: 60_000, agedEventsMax: 1 };
  const cache = await startWatchCache({ store, kind: configMapKind, clock, log: silentLogger, window });
  t.after(() => cache.stop());
  const [stuck, quick] = [cache.follow(cache.revision, everything), cache.follow(cache.revision, everything)];
  let lost = 0;
  stuck.onNews(() => {
    if (stuck.isLost) lost++;
  });
  let heard = 0;
  quick.onNews(() => {
    heard++;
    quick.take();
  });
  for (const name of ["a", "b"]) await cache.reach(await put(store, name));
  await settle();
  const heardBefore = heard;
  assert.equal(lost, 0);
  await clock.advance(61_000);
  const other = { type: "put" as const, key: "/registry/secrets/default/s", value: new Uint8Array(1) };
  await cache.reach((await store.txn({ compare: [], success: [other] })).revision);
  await settle();
  assert.equal(lost, 1);
  assert.equal(heard, heardBefore);
});

test("lines that watches share do not outlive the moment", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const clock = createFakeClock();
  const cache = await started(t, store, clock);
  const follower = cache.follow(cache.revision, everything);
  await cache.reach(await put(store, "a"));
  const [event] = follower.take() ?? [];
  assert.ok(event);
  cache.lines.set(event, "ADDED", new Uint8Array(1));
  await clock.advance(60_000);
  const other = { type: "put" as const, key: "/registry/secrets/default/s", value: new Uint8Array(1) };
  await cache.reach((await store.txn({ compare: [], success: [other] })).revision);
  await settle();
  assert.equal(cache.lines.get(event, "ADDED"), undefined);
});

test("a cache goes on to the revision of other kinds' writes", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const cache = await started(t, store);
  const other = { type: "put" as const, key: "/registry/secrets/default/s", value: new Uint8Array(1) };
  const { revision } = await store.txn({ compare: [], success: [other] });
  await cache.reach(revision);
  assert.ok(cache.revision >= revision);
});

test("a revision that does not come is given up on", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const cache = await started(t, store, impatientClock);
  await assert.rejects(cache.reach(999), (error) => error instanceof StatusError && error.reason === "Timeout");
});

test("after a gap in the store's history the cache reads again, and its followers are notified", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  let watches = 0;
  const gappy: Store = {
    ...store,
    watch(request) {
      watches += 1;
      // The first one reads the changes from before the start, the second one meets the gap.
      if (watches !== 2) return store.watch(request);
      return (async function* () {
        yield { revision: request.fromRevision - 1, events: [] };
        await put(store, "meanwhile");
        throw new CompactedError(5);
      })();
    },
  };
  const cache = await started(t, gappy, impatientClock);
  const follower = cache.follow(cache.revision, everything);
  const start = cache.revision;
  await cache.reach(start + 1).catch(() => {});
  while (cache.get(key("meanwhile")) === undefined) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(follower.take(), undefined);
  assert.throws(() => cache.follow(start, everything), isExpired);
});

test("a cache whose store is closed first stops following it", async (t) => {
  const store = createMemoryStore();
  let watches = 0;
  const counted: Store = {
    ...store,
    watch(request) {
      // A cache that asks again at once would let nothing else run.
      if (++watches > 10) throw new Error("asked again and again");
      return store.watch(request);
    },
  };
  const cache = await started(t, counted, createFakeClock());
  await settle();
  const before = watches;
  await store.close();
  await settle();
  assert.equal(watches, before);
  await cache.stop();
});

test("a cache that starts later tells the changes from before its start", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const first = await put(store, "a");
  await put(store, "a");
  await store.txn({ compare: [], success: [{ type: "delete", key: key("a") }] });
  await put(store, "b");
  const cache = await started(t, store);
  const told = cache.follow(first, everything).take() ?? [];
  const line = ({ before, after }: (typeof told)[number]) =>
    `${before?.object.metadata.name ?? "-"} > ${after?.object.metadata.name ?? "-"}`;
  assert.deepEqual(told.map(line), ["a > a", "a > -", "- > b"]);
  assert.deepEqual(names(cache.below("/registry/configmaps/")), ["b"]);
});

test("what was compacted before the start is too old to resume from", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const first = await put(store, "a");
  const second = await put(store, "b");
  await put(store, "c");
  await store.compact(second);
  const cache = await started(t, store);
  assert.throws(() => cache.follow(first, everything), isExpired);
  assert.equal(cache.follow(second, everything).take()?.length, 1);
});

test("a cache remembers no more revisions from before its start than its window holds", async (t) => {
  const store = createMemoryStore();
  t.after(() => store.close());
  const revisions = [await put(store, "a"), await put(store, "b"), await put(store, "c")];
  const cache = await startWatchCache({
    store,
    kind: configMapKind,
    clock: systemClock,
    log: silentLogger,
    window: { eventsMax: 2, bytesMax: 1_000_000, ageMaxMs: 60_000, agedEventsMax: 2 },
  });
  t.after(() => cache.stop());
  assert.equal(cache.follow(revisions[0] ?? 0, everything).take()?.length, 2);
  assert.throws(() => cache.follow((revisions[0] ?? 0) - 1, everything), isExpired);
});
