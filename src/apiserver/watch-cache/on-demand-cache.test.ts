import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { createOnDemandCache } from "./on-demand-cache.ts";
import { startWatchCache } from "./watch-cache.ts";

const everything = { prefix: "/registry/configmaps/" };
const key = (name: string) => `/registry/configmaps/default/${name}`;

function started(t: TestContext) {
  const store = createMemoryStore();
  const clock = createFakeClock();
  const starts = { count: 0, failures: 0 };
  const cache = createOnDemandCache(async () => {
    starts.count++;
    if (starts.count <= starts.failures) throw new Error("the store cannot be read");
    return startWatchCache({ store, kind: configMapKind, clock, log: silentLogger });
  }, clock);
  t.after(async () => {
    await cache.stop();
    await store.close();
  });
  const put = async (name: string) => {
    const value = new TextEncoder().encode(`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"${name}"}}`);
    return (await store.txn({ compare: [], success: [{ type: "put", key: key(name), value }] })).revision;
  };
  return { cache, clock, starts, put };
}

test("a cache runs from its first use until a minute after its last one", async (t) => {
  const { cache, clock, starts, put } = started(t);
  await put("a");
  assert.equal(cache.current, undefined);
  const first = await cache.use();
  assert.equal(first.size, 1);
  assert.equal(cache.current, first);
  await clock.advance(59_000);
  assert.equal(await cache.use(), first);
  await clock.advance(59_000);
  assert.equal(cache.current, first);
  await clock.advance(61_000);
  assert.equal(cache.current, undefined);
  await put("b");
  assert.equal((await cache.use()).size, 2);
  assert.equal(starts.count, 2);
});

test("uses that come together start one cache", async (t) => {
  const { cache, starts } = started(t);
  const [first, second] = await Promise.all([cache.use(), cache.use()]);
  assert.equal(first, second);
  assert.equal(starts.count, 1);
});

test("a cache that is followed runs on", async (t) => {
  const { cache, clock } = started(t);
  const running = await cache.use();
  const unsubscribe = running.follow(running.revision, everything).onNews(() => {});
  await clock.advance(600_000);
  assert.equal(cache.current, running);
  unsubscribe();
  await clock.advance(120_000);
  assert.equal(cache.current, undefined);
});

test("a follower that did not wait for events yet when the cache ended is over, and has lost nothing", async (t) => {
  const { cache, clock } = started(t);
  const running = await cache.use();
  const follower = running.follow(running.revision, everything);
  await clock.advance(120_000);
  assert.equal(follower.isOver, true);
  assert.equal(follower.isLost, false);
  assert.deepEqual(follower.take(), []);
});

test("a watch that resumes gets the changes from a time when no cache ran", async (t) => {
  const { cache, clock, put } = started(t);
  const { revision } = await cache.use();
  await clock.advance(120_000);
  await put("a");
  await put("b");
  const follower = (await cache.use()).follow(revision, everything);
  assert.deepEqual(
    follower.take()?.map(({ after }) => after?.key),
    [key("a"), key("b")],
  );
});

test("a start that fails rejects the use, and the next use tries again", async (t) => {
  const { cache, starts } = started(t);
  starts.failures = 1;
  await assert.rejects(cache.use(), /the store cannot be read/);
  assert.equal(cache.current, undefined);
  assert.equal((await cache.use()).size, 0);
});

test("a stopped cache starts no more, and leaves no timer", async (t) => {
  const { cache, clock } = started(t);
  await cache.use();
  await cache.stop();
  await settle();
  assert.equal(clock.sleepers, 0);
  await assert.rejects(cache.use(), { reason: "ServiceUnavailable" });
});
