import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { builtinResources } from "@fairlead/api/kinds";
import { inOneVersion } from "@fairlead/api/resource-definition";
import { send as sendTo } from "./customresources/custom-resources.testing.ts";
import { type Gadget, gadgetKind } from "./testing/gadgets.testing.ts";
import { startTestApiServer, type TestApiServer } from "./testing/start-test-server.testing.ts";

const key = { namespace: "default", name: "g" };
const COLLECTION = "/apis/example.com/v1/namespaces/default/gadgets";

/** A server to which the kind is added while it runs. */
async function start(t: TestContext): Promise<TestApiServer> {
  const api = await startTestApiServer({ resources: builtinResources });
  t.after(() => api.stop());
  api.server.resources.add(inOneVersion(gadgetKind));
  return api;
}

function send(api: TestApiServer, method: string, path: string, type: string, body: unknown) {
  return sendTo(api, method, path, body, { "content-type": type });
}

test("a custom resource is created with its defaults, its zero values and what it may keep, without a status", async (t) => {
  const client = (await start(t)).client();
  const spec = { color: "", free: { a: null, b: [0, false] }, size: 0 };
  const created = await client.create(gadgetKind, { metadata: key, spec, status: { seen: 1 } });
  assert.deepEqual([created.spec, created.status, created.metadata.generation], [spec, undefined, 1]);
  assert.deepEqual(await client.get(gadgetKind, key), created);
  const other = await client.create(gadgetKind, { metadata: { ...key, name: "h" }, spec: {} });
  assert.deepEqual(other.spec, { size: 1 });
  assert.deepEqual((await client.list(gadgetKind, { namespace: "default" })).items.length, 2);
});

test("an unknown field is reported and dropped, an invalid value refused with its path", async (t) => {
  const api = await start(t);
  const body = { kind: "Gadget", apiVersion: "example.com/v1", metadata: { name: "g" }, spec: { hue: 1 } };
  const created = await send(api, "POST", `${COLLECTION}?fieldValidation=Warn`, "application/json", body);
  assert.equal(created.status, 201);
  assert.equal(created.warning, '299 - "unknown field \\"spec.hue\\""');
  assert.deepEqual(created.object.spec, { size: 1 });
  const strict = await send(api, "POST", `${COLLECTION}?fieldValidation=Strict`, "application/json", body);
  assert.match(strict.object.message, /strict decoding error: unknown field "spec\.hue"/);
  const wrong = { ...body, metadata: { name: "w" }, spec: { size: -1, parts: [{}] } };
  const refused = await send(api, "POST", COLLECTION, "application/yaml", JSON.stringify(wrong));
  assert.equal(refused.status, 422);
  assert.deepEqual(
    refused.object.details.causes.map(({ field }: { field: string }) => field),
    ["spec.size", "spec.parts[0].name"],
  );
});

test("status is written through its own path alone, and changes no generation", async (t) => {
  const api = await start(t);
  const client = api.client();
  const created = await client.create(gadgetKind, { metadata: key, spec: {} });
  const both = { ...created, spec: { size: 5 }, status: { seen: 2 } };
  const path = `${COLLECTION}/g/status`;
  const observed: Gadget = (await send(api, "PUT", path, "application/json", both)).object;
  assert.deepEqual([observed.spec, observed.status, observed.metadata.generation], [{ size: 1 }, { seen: 2 }, 1]);
  const updated = await client.update(gadgetKind, { ...observed, spec: { size: 5 }, status: { seen: 9 } });
  assert.deepEqual([updated.spec, updated.status, updated.metadata.generation], [{ size: 5 }, { seen: 2 }, 2]);
});

for (const type of ["merge", "json"] as const) {
  test(`a ${type} patch changes a custom resource`, async (t) => {
    const client = (await start(t)).client();
    await client.create(gadgetKind, { metadata: key, spec: { size: 3 } });
    const patch = type === "json" ? [{ op: "add", path: "/spec/color", value: "blue" }] : { spec: { color: "blue" } };
    assert.deepEqual((await client.patch(gadgetKind, key, type, patch)).spec, { size: 3, color: "blue" });
  });
}

const refusals = [
  {
    ...{ method: "PATCH", path: `${COLLECTION}/g`, type: "application/strategic-merge-patch+json" },
    accepted: "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
  },
  {
    ...{ method: "POST", path: COLLECTION, type: "application/vnd.kubernetes.protobuf" },
    accepted: "application/json, application/yaml",
  },
];

for (const { method, path, type, accepted } of refusals) {
  test(`${method} with ${type} is refused: a custom resource has no Go type`, async (t) => {
    const api = await start(t);
    await api.client().create(gadgetKind, { metadata: key, spec: {} });
    const { status, object } = await send(api, method, path, type, { spec: {} });
    assert.equal(status, 415);
    assert.equal(
      object.message,
      `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    );
  });
}

test("managers own parts of a custom resource: items by their keys, free objects by their keys", async (t) => {
  const api = await start(t);
  const apply = (manager: string, spec: unknown) => {
    const body = { apiVersion: "example.com/v1", kind: "Gadget", metadata: key, spec };
    return send(api, "PATCH", `${COLLECTION}/g?fieldManager=${manager}`, "application/apply-patch+yaml", body);
  };
  await apply("a", { parts: [{ name: "x", count: 1 }], free: { one: { deep: 1 } } });
  const second = await apply("b", { parts: [{ name: "y", count: 2 }], free: { one: { other: [2] } } });
  assert.equal(second.status, 200);
  assert.deepEqual(second.object.spec, {
    free: { one: { deep: 1, other: [2] } },
    parts: [
      { count: 1, name: "x" },
      { count: 2, name: "y" },
    ],
    size: 1,
  });
  const conflict = await apply("b", { free: { one: { deep: 3 } } });
  assert.equal(conflict.status, 409);
  assert.match(conflict.object.message, /conflict with "a": \.spec\.free\.one\.deep/);
  const less = await apply("a", { free: { one: {} } });
  assert.deepEqual(less.object.spec.parts, [{ count: 2, name: "y" }]);
  const wrong = await apply("a", { hue: 1 });
  assert.match(wrong.object.message, /\.spec\.hue: field not declared in schema/);
});

test("a watch has events of custom resources", async (t) => {
  const client = (await start(t)).client();
  const created = await client.create(gadgetKind, { metadata: key, spec: {} });
  await client.delete(gadgetKind, key);
  const since = { namespace: "default", resourceVersion: created.metadata.resourceVersion };
  for await (const event of client.watch(gadgetKind, since)) {
    assert.ok(event.type === "DELETED");
    assert.deepEqual(event.object.spec, { size: 1 });
    return;
  }
  assert.fail("The watch ended without an event");
});
