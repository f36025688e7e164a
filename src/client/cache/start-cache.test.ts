import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { createFakeApi } from "../fake-api.testing.ts";
import { createClient } from "../rest/rest-client.ts";
import type { CacheOptions } from "./start-cache.ts";
import { startCache } from "./start-cache.ts";

const base = "/api/v1/namespaces/shop/configmaps";

function start(
  t: TestContext,
  options: Partial<CacheOptions<ConfigMap>> = {},
  prepare = (_: ReturnType<typeof createFakeApi>) => {},
) {
  const api = createFakeApi();
  prepare(api);
  const clock = createFakeClock();
  const cache = startCache(createClient(api), configMapKind, { log: silentLogger, clock, random: () => 0, ...options });
  t.after(() => cache.stop());
  const heard: string[] = [];
  cache.onChange(({ key, before, after }) => heard.push(`${key} ${before?.data?.v ?? "-"}>${after?.data?.v ?? "-"}`));
  return { api, clock, cache, heard };
}

test("a cache has what was there and hears what comes", async (t) => {
  const { api, cache, heard } = start(t, {}, (a) => a.put(`${base}/a`, { data: { v: "1" } }));
  await cache.synced;
  assert.equal(cache.get("shop/a"), undefined, "the fake's objects have no namespace of their own");
  assert.equal(cache.get("a")?.data?.v, "1");
  assert.equal(cache.get("a")?.kind, "ConfigMap");
  await settle();
  api.put(`${base}/a`, { data: { v: "2" } });
  api.put(`${base}/b`, { data: { v: "1" }, metadata: { namespace: "shop" } });
  api.remove(`${base}/a`);
  await settle();
  assert.deepEqual(heard, ["a ->1", "a 1>2", "shop/b ->1", "a 2>-"]);
  assert.equal(cache.list().length, 1);
});

test("a cache reads long lists in pages", async (t) => {
  const { api, cache } = start(t, {}, (a) => {
    for (let i = 0; i < 1201; i++) a.put(`${base}/c${i}`, { data: {} });
  });
  await cache.synced;
  assert.equal(cache.list().length, 1201);
  assert.equal(api.requests.filter((r) => r.includes("limit=500")).length, 3);
});

test("a watch that ends is resumed without a list", async (t) => {
  const { api, clock, cache, heard } = start(t);
  await cache.synced;
  await settle();
  api.put(`${base}/a`, { data: { v: "1" } });
  await settle();
  api.cut(new Error("connection reset"));
  api.put(`${base}/a`, { data: { v: "2" } });
  await clock.advance(1_000);
  assert.deepEqual(heard, ["a ->1", "a 1>2"]);
  assert.equal(api.requests.filter((r) => r.includes("limit")).length, 1);
});

test("a bookmark moves the place to resume from", async (t) => {
  const { api, clock, cache } = start(t);
  await cache.synced;
  await settle();
  api.bookmark();
  await settle();
  assert.equal(cache.resourceVersion, "2");
  api.cut();
  await clock.advance(1_000);
  assert.match(api.requests.at(-1) ?? "", /watch=1.*resourceVersion=2/);
});

test("when the place is forgotten everything is listed, and only differences are heard", async (t) => {
  const { api, clock, cache, heard } = start(t, {}, (a) => {
    a.put(`${base}/same`, { data: { v: "1" } });
    a.put(`${base}/gone`, { data: { v: "1" } });
  });
  await cache.synced;
  await settle();
  heard.length = 0;
  api.down = new Error("down");
  api.cut(new Error("connection reset"));
  await settle();
  api.remove(`${base}/gone`);
  api.put(`${base}/new`, { data: { v: "1" } });
  api.forget();
  api.down = undefined;
  await clock.advance(60_000);
  assert.deepEqual(heard.toSorted(), ["gone 1>-", "new ->1"]);
});

test("a server that is away is asked with growing pauses, none of them long", async (t) => {
  const { api, clock, cache } = start(t, {}, (a) => {
    a.down = new Error("connection refused");
  });
  await clock.advance(10_000);
  assert.equal(api.requests.length, 8, "at 0, 50, 150, 350, 750, 1550, 3150, 6350 ms");
  await clock.advance(180_000);
  api.down = undefined;
  await clock.advance(10_000);
  await cache.synced;
});

test("indexes find objects by what they hold now", async (t) => {
  const { api, cache } = start(t, { indexes: { v: (c) => (c.data?.v === undefined ? [] : [c.data.v]) } });
  await cache.synced;
  await settle();
  api.put(`${base}/a`, { data: { v: "1" } });
  api.put(`${base}/b`, { data: { v: "1" } });
  await settle();
  assert.equal(cache.byIndex("v", "1").length, 2);
  api.put(`${base}/a`, { data: { v: "2" } });
  api.remove(`${base}/b`);
  await settle();
  assert.deepEqual([cache.byIndex("v", "1").length, cache.byIndex("v", "2").length], [0, 1]);
  assert.throws(() => cache.byIndex("w", ""), /There is no index "w"/);
});

test("who comes late hears what there is, and who left hears nothing", async (t) => {
  const { api, cache } = start(t, {}, (a) => a.put(`${base}/a`, { data: { v: "1" } }));
  await cache.synced;
  await settle();
  const heard: string[] = [];
  const leave = cache.onChange(({ key }) => heard.push(key));
  assert.deepEqual(heard, ["a"]);
  leave();
  api.put(`${base}/b`, { data: {} });
  await settle();
  assert.deepEqual(heard, ["a"]);
});

test("a listener that fails does not stop the others", async (t) => {
  const { api, cache } = start(t);
  const heard: string[] = [];
  cache.onChange(() => {
    throw new Error("a bug");
  });
  cache.onChange(({ key }) => heard.push(key));
  await cache.synced;
  await settle();
  api.put(`${base}/a`, { data: {} });
  await settle();
  assert.deepEqual(heard, ["a"]);
});

test("a stopped cache that never synced says so", async () => {
  const api = createFakeApi();
  api.down = new Error("down");
  const cache = startCache(createClient(api), configMapKind, { log: silentLogger, clock: createFakeClock() });
  await settle();
  await cache.stop();
  await assert.rejects(cache.synced, /The cache was stopped/);
});

test("a long list lets other work have its turn, and a cache that is stopped meanwhile takes in no more", async (t) => {
  const { api, cache, heard } = start(t, {}, (a) => {
    for (let i = 0; i < 1_800; i++) a.put(`${base}/c${i}`, { data: {} });
  });
  while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const first = heard.length;
  assert.ok(first < 1_800);
  cache.onChange(({ key }) => heard.push(`late ${key}`));
  assert.equal(heard.length, 2 * first, "a later listener gets the objects that exist");
  await cache.stop();
  const stopped = heard.length;
  await settle();
  assert.equal(heard.length, stopped);
  assert.equal(api.requests.filter((request) => request.includes("watch=1")).length, 0);
});

test("a late follower of many objects lets other work have its turn, and each object's changes come in order", async (t) => {
  const { api, cache } = start(t, {}, (a) => {
    for (let i = 0; i < 1_800; i++) a.put(`${base}/c${i}`, { data: { v: "1" } });
  });
  await cache.synced;
  await settle();
  const heard: string[] = [];
  const show = (object: ConfigMap | undefined) => object?.data?.v ?? "-";
  const follower = cache.follow(({ key, before, after }) => heard.push(`${key} ${show(before)}>${show(after)}`));
  const part = heard.length;
  assert.ok(part > 0 && part < 1_800, "not all at once");
  api.put(`${base}/c0`, { data: { v: "2" } });
  api.put(`${base}/c1799`, { data: { v: "2" } });
  api.remove(`${base}/c1798`);
  api.put(`${base}/new`, { data: { v: "1" } });
  await follower.caughtUp;
  await settle();
  const of = (name: string) => heard.filter((line) => line.startsWith(`${name} `));
  assert.deepEqual(of("c0"), ["c0 ->1", "c0 1>2"]);
  assert.deepEqual(of("new"), ["new ->1"]);
  // These may come before or after their turn.
  assert.deepEqual(of("c1799").at(-1)?.slice(-2), ">2");
  assert.equal(of("c1799").filter((line) => line.includes("->")).length, 1);
  assert.equal(new Set(heard.map((line) => line.split(" ")[0])).size, of("c1798").length === 0 ? 1_800 : 1_801);

  follower.stop();
  const stopped = heard.length;
  api.put(`${base}/c5`, { data: { v: "2" } });
  await settle();
  assert.equal(heard.length, stopped);
});

test("a follower that is stopped while it catches up hears no more", async (t) => {
  const { cache } = start(t, {}, (a) => {
    for (let i = 0; i < 1_800; i++) a.put(`${base}/c${i}`, { data: {} });
  });
  await cache.synced;
  let heard = 0;
  const follower = cache.follow(() => {
    heard += 1;
  });
  const part = heard;
  follower.stop();
  await follower.caughtUp;
  assert.equal(heard, part);
});
