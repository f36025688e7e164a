import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type ConfigMap, configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { StatusError } from "@fairlead/api/status-error";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { createFakeApi } from "../fake-api.testing.ts";
import { createClient } from "../rest/rest-client.ts";
import type { Transport } from "../transport/transport.ts";
import type { Cache, Indexes } from "./cache.ts";
import type { OpenOptions } from "./cache-source.ts";
import { createSharedCaches } from "./shared-caches.ts";

const base = "/api/v1/namespaces/shop/configmaps";
const byValue = ({ data }: ConfigMap) => (data?.v === undefined ? [] : [data.v]);

/** An API server with ConfigMaps of the given values, and shared caches of it. */
async function start(t: TestContext, values: Readonly<Record<string, string>> = {}) {
  const api = createFakeApi();
  for (const [name, v] of Object.entries(values)) api.put(`${base}/${name}`, { data: { v } });
  const clock = createFakeClock();
  const accepted: string[] = [];
  const transport: Transport = {
    send(request) {
      accepted.push(request.headers.accept ?? "");
      return api.send(request);
    },
    close: () => api.close(),
  };
  const shared = createSharedCaches({ client: createClient(transport), log: silentLogger, clock });
  const opened: Cache<ConfigMap>[] = [];
  t.after(() => Promise.all(opened.map((cache) => cache.stop())));
  const open = (options?: OpenOptions<ConfigMap>, assertReadable = () => {}) => {
    const cache = shared.sourceFor(assertReadable).open(configMapKind, options);
    opened.push(cache);
    return cache;
  };
  const lists = () => api.requests.filter((request) => !request.includes("watch=1")).length;
  return { api, clock, open, lists, accepted };
}

test("readers of a resource share one list, one watch and the objects", async (t) => {
  const { api, open, lists } = await start(t, { a: "1" });
  const [first, second] = [open(), open()];
  await Promise.all([first.synced, second.synced]);
  await settle();
  assert.equal(lists(), 1);
  assert.equal(api.requests.length, 2);
  assert.ok(first.get("a") !== undefined);
  assert.equal(first.get("a"), second.get("a"));
});

test("each reader has its own indexes, also over objects from before and under the same name", async (t) => {
  const { api, open } = await start(t, { a: "1", b: "2" });
  const first = open({ indexes: { by: byValue } });
  await first.synced;
  const reversed: Indexes<ConfigMap> = { by: (object) => byValue(object).map((value) => `not ${value}`) };
  const second = open({ indexes: reversed });
  await second.synced;
  const names = (cache: Cache<ConfigMap>, value: string) => cache.byIndex("by", value).map((o) => o.metadata.name);
  assert.deepEqual(names(first, "1"), ["a"]);
  assert.deepEqual(names(second, "1"), []);
  assert.deepEqual(names(second, "not 2"), ["b"]);
  api.put(`${base}/c`, { data: { v: "1" } });
  await settle();
  assert.deepEqual(names(first, "1"), ["a", "c"]);
  assert.deepEqual(names(second, "not 1"), ["a", "c"]);
  assert.throws(() => second.byIndex("other", "1"), /no index "other"/);
});

test("a reader that stops hears nothing more, and the others go on; with the last one the watch ends", async (t) => {
  const { api, open, lists } = await start(t);
  const [first, second] = [open(), open()];
  const heard: string[] = [];
  first.onChange(({ key }) => heard.push(`first ${key}`));
  second.onChange(({ key }) => heard.push(`second ${key}`));
  await first.synced;
  await settle();
  await first.stop();
  api.put(`${base}/a`, { data: {} });
  await settle();
  assert.deepEqual(heard, ["second a"]);
  await second.stop();
  api.put(`${base}/b`, { data: {} });
  await settle();
  assert.deepEqual(heard, ["second a"]);
  const third = open();
  await third.synced;
  assert.equal(lists(), 2);
  assert.equal(third.list().length, 2);
});

test("a reader without the right gets nothing until it has it", async (t) => {
  const { clock, open } = await start(t, { a: "1" });
  const allowed = open();
  await allowed.synced;
  let isAllowed = false;
  const denied = open({ indexes: { by: byValue } }, () => {
    if (!isAllowed) throw new StatusError("Forbidden", "no");
  });
  const heard: string[] = [];
  denied.onChange(({ key }) => heard.push(key));
  const followed: string[] = [];
  const follower = denied.follow(({ key }) => followed.push(key));
  denied.follow(() => followed.push("stopped")).stop();
  let isSynced = false;
  denied.synced.then(
    () => {
      isSynced = true;
    },
    () => {},
  );
  await settle();
  await clock.advance(1_000);
  assert.deepEqual(
    [denied.get("a"), denied.list(), denied.byIndex("by", "1"), denied.resourceVersion, heard, followed, isSynced],
    [undefined, [], [], "", [], [], false],
  );
  isAllowed = true;
  await clock.advance(5_000);
  await denied.synced;
  assert.equal(denied.get("a"), allowed.get("a"));
  assert.deepEqual(denied.byIndex("by", "1"), [allowed.get("a")]);
  await follower.caughtUp;
  assert.deepEqual([heard, followed], [["a"], ["a"]]);
});

test("a reader that stops before it has the right says so", async (t) => {
  const { open } = await start(t);
  const denied = open({}, () => {
    throw new StatusError("Forbidden", "no");
  });
  const { caughtUp } = denied.follow(() => {});
  await settle();
  await denied.stop();
  await caughtUp;
  await assert.rejects(denied.synced, /The cache was stopped/);
});

test("who needs metadata alone reads whole objects where another reader has them, and metadata elsewhere", async (t) => {
  const { accepted, open } = await start(t, { a: "1" });
  const metadataOnly = open({ metadataOnly: true });
  await metadataOnly.synced;
  assert.match(accepted[0] ?? "", /as=PartialObjectMetadataList/);
  const whole = open();
  const both = open({ metadataOnly: true });
  await both.synced;
  assert.doesNotMatch(accepted.at(-1) ?? "", /PartialObjectMetadata/);
  assert.equal(both.get("a"), whole.get("a"));
});
