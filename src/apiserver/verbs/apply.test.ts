import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "../../api/core/v1/configmap.ts";
import { isConflict } from "../../api/status-error.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";

const key = { namespace: "default", name: "a" };
const typeMeta = { apiVersion: "v1", kind: "ConfigMap" };

test("an applied object is created, kept account of, and changed only by who owns the field", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const client = api.client();
  const apply = (fieldManager: string, data: object, force = false) =>
    client.patch(configMapKind, key, "apply", { ...typeMeta, metadata: { name: "a" }, data }, { fieldManager, force });

  const created = await apply("one", { x: "1" });
  const account = created.metadata.managedFields?.map(({ manager, operation, fieldsV1 }) => [
    manager,
    operation,
    fieldsV1,
  ]);
  assert.deepEqual(account, [["one", "Apply", { "f:data": { "f:x": {} } }]]);
  assert.deepEqual(await apply("one", { x: "1" }), created, "applying again changes nothing");

  await client.patch(configMapKind, key, "merge", { data: { y: "2" } }, { fieldManager: "editor" });
  await assert.rejects(apply("one", { x: "1", y: "3" }), (error) => {
    assert.ok(isConflict(error));
    assert.equal(error.message, 'Apply failed with 1 conflict: conflict with "editor" using v1: .data.y');
    return true;
  });
  const forced = await apply("one", { x: "1", y: "3" }, true);
  assert.deepEqual(forced.data, { x: "1", y: "3" });
  const last = await apply("one", { x: "1" });
  assert.deepEqual(last.data, { x: "1" });
});

test("an apply without a field manager is refused", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  await assert.rejects(api.client().patch(configMapKind, key, "apply", { ...typeMeta, metadata: { name: "a" } }), {
    message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  });
});

test("objects that nobody applied carry no account", async (t) => {
  const api = await startTestApiServer();
  t.after(() => api.stop());
  const created = await api.client().create(configMapKind, { metadata: key, data: { x: "1" } });
  const updated = await api.client().update(configMapKind, { ...created, data: { x: "2" } });
  assert.equal(updated.metadata.managedFields, undefined);
});

const applier = { manager: "new", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1" } as const;
const accounts = [
  {
    name: "a writer may hand an account over to another manager",
    managedFields: [{ ...applier, fieldsV1: { "f:data": { "f:x": {} } } }],
    want: ["new"],
  },
  { name: "a writer may end the account", managedFields: [{}], want: undefined },
  { name: "an account that is left out stays", managedFields: [], want: ["one"] },
  { name: "an account that makes no sense changes nothing", managedFields: [{ manager: "x" }], want: ["one"] },
];

for (const { name, managedFields, want } of accounts) {
  test(name, async (t) => {
    const api = await startTestApiServer();
    t.after(() => api.stop());
    const client = api.client();
    const applied = { ...typeMeta, metadata: { name: "a" }, data: { x: "1" } };
    await client.patch(configMapKind, key, "apply", applied, { fieldManager: "one" });
    const changed = await client.patch(configMapKind, key, "merge", { metadata: { managedFields } });
    assert.deepEqual(
      changed.metadata.managedFields?.map(({ manager }) => manager),
      want,
    );
  });
}
