import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type ConfigMap, configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { isConflict, isExpired, isForbidden, isNotFound } from "@fairlead/api/status-error";
import type { Client, WatchEvent } from "@fairlead/client/client";
import { clientOf } from "@fairlead/client/rest/rest-client";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import type { User } from "../authn/authenticator.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { startTestApiServer, testAdmin } from "../testing/start-test-server.testing.ts";
import { objectExchange } from "./object-exchange.ts";

const key = { namespace: "shop", name: "a" };
const path = "/api/v1/namespaces/shop/configmaps";

async function start(t: TestContext, authorizers?: readonly Authorizer[]) {
  const api = await startTestApiServer(authorizers && { authorizers });
  t.after(() => api.stop());
  const clientAs = (user: User = testAdmin) =>
    clientOf(objectExchange(() => api.server, { user, userAgent: "test/1.0" }));
  return { api, clientAs, client: clientAs() };
}

const create = (client: Client, data: ConfigMap["data"] = {}) => client.create(configMapKind, { metadata: key, data });

test("lists and watches give all clients the same objects, without managers of fields", async (t) => {
  const { client, clientAs } = await start(t);
  const { resourceVersion } = await client.list(configMapKind);
  const created = await create(client, { v: "1" });
  assert.equal(created.metadata.managedFields?.[0]?.manager, "test");
  const events: WatchEvent<ConfigMap>[] = [];
  for await (const event of client.watch(configMapKind, { resourceVersion })) {
    events.push(event);
    break;
  }
  const [first, second] = await Promise.all([client, clientAs()].map((one) => one.list(configMapKind)));
  const [event] = events;
  assert.ok(event?.type === "ADDED");
  assert.equal(first?.items[0], event.object);
  assert.equal(second?.items[0], event.object);
  const { managedFields: _, ...metadata } = created.metadata;
  assert.deepEqual(event.object, { ...created, metadata });
  assert.equal((await client.get(configMapKind, key)).metadata.managedFields?.length, 1);
});

test("an update of a listed object keeps who owns its fields", async (t) => {
  const { client } = await start(t);
  await create(client, { v: "1" });
  const [listed] = (await client.list(configMapKind)).items;
  assert.ok(listed !== undefined);
  const updated = await client.update(configMapKind, { ...listed, data: { v: "2" } }, { fieldManager: "other" });
  assert.deepEqual(updated.metadata.managedFields?.map(({ manager }) => manager).sort(), ["other", "test"]);
});

test("what a client sends is not kept: it may change it afterwards", async (t) => {
  const { client } = await start(t);
  const data = { v: "1" };
  const created = await client.create(configMapKind, { metadata: key, data });
  data.v = "2";
  assert.equal(created.data?.v, "1");
  assert.equal((await client.get(configMapKind, key)).data?.v, "1");
});

test("metadata alone", async (t) => {
  const { client } = await start(t);
  const { resourceVersion } = await client.list(configMapKind);
  const { metadata } = await create(client, { v: "1" });
  const { items } = await client.list(configMapKind, { metadataOnly: true });
  assert.deepEqual(Object.keys(items[0] ?? {}).sort(), ["apiVersion", "kind", "metadata"]);
  assert.equal(items[0]?.metadata.uid, metadata.uid);
  for await (const event of client.watch(configMapKind, { resourceVersion, metadataOnly: true })) {
    assert.ok(event.type === "ADDED" && event.object.kind === "ConfigMap" && event.object.data === undefined);
    break;
  }
});

test("every verb", async (t) => {
  const { client } = await start(t);
  await create(client, { v: "1" });
  assert.equal(
    (await client.patch(configMapKind, key, "json", [{ op: "remove", path: "/data/v" }])).data?.v,
    undefined,
  );
  assert.equal((await client.patch(configMapKind, key, "merge", { data: { v: "2" } })).data?.v, "2");
  assert.equal((await client.patch(configMapKind, key, "strategic", { data: { v: "3" } })).data?.v, "3");
  const applied = { apiVersion: "v1", kind: "ConfigMap", data: { v: "4" } };
  const options = { fieldManager: "me", force: true };
  assert.equal((await client.patch(configMapKind, key, "apply", applied, options)).data?.v, "4");
  assert.equal((await client.raw<ConfigMap>("GET", `${path}/a`)).data?.v, "4");
  assert.equal((await client.raw<{ gitVersion: string }>("GET", "/version")).gitVersion.startsWith("v1."), true);
  await client.delete(configMapKind, key, { dryRun: ["All"] });
  assert.equal((await client.list(configMapKind)).items.length, 1);
  await client.delete(configMapKind, key);
  assert.deepEqual((await client.list(configMapKind)).items, []);
});

test("lists in pages", async (t) => {
  const { client } = await start(t);
  for (const name of ["a", "b", "c"]) await client.create(configMapKind, { metadata: { ...key, name } });
  const first = await client.list(configMapKind, { limit: 2 });
  const rest = await client.list(configMapKind, { limit: 2, continue: first.continue });
  assert.deepEqual(
    [...first.items, ...rest.items].map(({ metadata }) => metadata.name),
    ["a", "b", "c"],
  );
  assert.equal(rest.continue, undefined);
});

const denyPods: Authorizer = {
  authorize: (asked) =>
    asked.type === "resource" && asked.resource === "pods"
      ? { verdict: "deny", reason: "" }
      : { verdict: "allow", reason: "" },
};

const refusals: readonly {
  readonly name: string;
  readonly ask: (client: Client) => Promise<unknown>;
  readonly is: (error: unknown) => boolean;
}[] = [
  { name: "an object that is not there", ask: (c) => c.get(configMapKind, { ...key, name: "b" }), is: isNotFound },
  { name: "a path that nothing is served at", ask: (c) => c.raw("GET", "/apis/none/v1/things"), is: isNotFound },
  { name: "a document that is not there", ask: (c) => c.raw("GET", "/none"), is: isNotFound },
  { name: "no right", ask: (c) => c.list(podKind), is: isForbidden },
  {
    name: "an old version of an object",
    ask: async (c) => {
      const created = await c.create(namespaceKind, { metadata: { name: "n" } });
      const { metadata } = created;
      await c.update(namespaceKind, { ...created, metadata: { ...metadata, labels: { a: "b" } } });
      await c.update(namespaceKind, { ...created, metadata: { ...metadata, labels: { a: "c" } } });
    },
    is: isConflict,
  },
];

for (const { name, ask, is } of refusals) {
  test(`a refusal is a StatusError: ${name}`, async (t) => {
    const { client } = await start(t, [denyPods]);
    await assert.rejects(ask(client), is);
  });
}

test("a watch from a version that is forgotten is expired", async (t) => {
  const store = createMemoryStore();
  const before = await startTestApiServer({ store });
  await create(before.client());
  const { metadata } = await before.client().patch(configMapKind, key, "merge", { data: { v: "2" } });
  await before.stop();
  await store.compact(Number(metadata.resourceVersion));
  const after = await startTestApiServer({ store });
  t.after(async () => {
    await after.stop();
    await store.close();
  });
  const watching = async () => {
    for await (const _ of after.client().watch(configMapKind, { resourceVersion: "1" })) return;
  };
  await assert.rejects(watching(), isExpired);
});

test("a watch ends with the reason of its signal, also while nothing happens", async (t) => {
  const { client } = await start(t);
  const ending = new AbortController();
  const { resourceVersion } = await client.list(configMapKind);
  const watching = (async () => {
    for await (const _ of client.watch(configMapKind, { resourceVersion, signal: ending.signal }));
  })();
  const reason = new Error("enough");
  ending.abort(reason);
  await assert.rejects(watching, reason);
});
