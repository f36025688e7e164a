import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "../../api/core/v1/configmap.ts";
import { storedObject } from "./stored-object.ts";

test("an object that was released still says its labels and fields, and is parsed again when asked for", () => {
  const metadata = { name: "a", namespace: "shop", labels: { app: "web" } };
  const value = new TextEncoder().encode(JSON.stringify({ kind: "ConfigMap", apiVersion: "v1", metadata }));
  const item = { key: "/registry/configmaps/shop/a", value, createRevision: 7, modRevision: 7, version: 1 };
  const stored = storedObject(configMapKind, item);
  const { object, labels, fields } = stored;
  assert.equal(stored.object, object);
  stored.release();
  assert.equal(stored.labels, labels);
  assert.equal(stored.fields, fields);
  assert.notEqual(stored.object, object);
  assert.deepEqual(stored.object, object);
});
