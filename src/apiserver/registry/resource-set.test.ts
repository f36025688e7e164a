import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { builtinResources } from "@fairlead/api/kinds";
import { inOneVersion } from "@fairlead/api/resource-definition";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { TestApiServer } from "../testing/start-test-server.testing.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";
import { widgetKindV1, widgetKindV2, widgets } from "../testing/widgets.testing.ts";

async function start(t: TestContext): Promise<TestApiServer> {
  const api = await startTestApiServer({ resources: builtinResources });
  t.after(() => api.stop());
  return api;
}

/** The status and the body of an answer to a GET. */
async function get(api: TestApiServer, path: string): Promise<string> {
  const { status, body } = await api.handle({ method: "GET", path, headers: {} });
  let text = "";
  if (body instanceof Uint8Array) text = Buffer.from(body).toString();
  else for await (const chunk of body) text += Buffer.from(chunk).toString();
  return `${status} ${text}`;
}

const served: readonly (readonly [path: string, shows: RegExp])[] = [
  ["/apis", /"name":"example.com","versions":\[\{"groupVersion":"example.com\/v2"/],
  ["/apis/example.com", /"preferredVersion":\{"groupVersion":"example.com\/v2"/],
  ["/apis/example.com/v1", /"name":"widgets"/],
  ["/apis/example.com/v2", /"name":"widgets"/],
  ["/apis/example.com/v1/widgets", /"kind":"WidgetList"/],
  ["/openapi/v3", /apis\/example.com\/v1/],
  ["/openapi/v3/apis/example.com/v2", /com.example.v2.WidgetSpec/],
  ["/openapi/v2", /com.example.v1.WidgetSpec/],
  ["/", /\/apis\/example.com\/v1/],
];

for (const [path, shows] of served) {
  test(`${path} shows a resource that was added while the server runs, and not any more once it was removed`, async (t) => {
    const api = await start(t);
    assert.doesNotMatch(await get(api, path), shows);
    api.server.resources.add(widgets);
    assert.match(await get(api, path), shows);
    await api.server.resources.remove(widgetKindV1);
    assert.doesNotMatch(await get(api, path), shows);
  });
}

test("objects of a resource that was removed are there again when it is added again", async (t) => {
  const api = await start(t);
  const client = api.client();
  const key = { namespace: "default", name: "w" };
  api.server.resources.add(widgets);
  const created = await client.create(widgetKindV1, { metadata: key, spec: { size: 2 } });
  await api.server.resources.remove(widgetKindV2);
  await assert.rejects(client.get(widgetKindV1, key), /404 page not found|could not find the requested resource/);
  api.server.resources.add(widgets);
  assert.deepEqual(await client.get(widgetKindV1, key), created);
});

test("watches of a resource that is removed show what happened before, in all versions, and end without an error", async (t) => {
  const api = await start(t);
  const client = api.client();
  const key = { namespace: "default", name: "w" };
  api.server.resources.add(widgets);
  await client.create(widgetKindV1, { metadata: key, spec: { size: 2 } });
  const { resourceVersion } = await client.list(widgetKindV1);
  const seen = [widgetKindV1, widgetKindV2].map(async (kind) => {
    const types: string[] = [];
    for await (const { type } of client.watch<KubeObject>(kind, { resourceVersion })) types.push(type);
    return types;
  });
  await client.patch(widgetKindV1, key, "merge", { spec: { size: 3 } });
  await client.delete(widgetKindV1, key);
  await api.server.resources.remove(widgetKindV1);
  assert.deepEqual(await Promise.all(seen), [
    ["MODIFIED", "DELETED"],
    ["MODIFIED", "DELETED"],
  ]);
});

test("a resource is not added twice, nor over the objects of another one", async (t) => {
  const { resources } = (await start(t)).server;
  assert.throws(() => resources.add(inOneVersion(configMapKind)), /Cannot serve v1\/configmaps: it is served already/);
  resources.add(inOneVersion(widgetKindV2));
  // Version 1 as a resource of its own would read and write the objects of version 2 without converting them.
  assert.throws(() => resources.add(inOneVersion(widgetKindV1)), /Cannot serve widgets.example.com: .* is in use/);
});
