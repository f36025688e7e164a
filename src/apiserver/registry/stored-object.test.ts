import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { collectGarbage } from "@fairlead/lib/collect-garbage.testing";
import { atRevision, storedObject } from "./stored-object.ts";

function stored() {
  const metadata = { name: "a", namespace: "shop", labels: { app: "web" } };
  const value = new TextEncoder().encode(JSON.stringify({ kind: "ConfigMap", apiVersion: "v1", metadata }));
  return storedObject(configMapKind, {
    key: "/registry/configmaps/shop/a",
    value,
    createRevision: 7,
    modRevision: 7,
    version: 1,
  });
}

test("an object that was released still says its labels and fields, and is parsed again when asked for", () => {
  const released = stored();
  const { object, labels, fields } = released;
  assert.equal(released.object, object);
  released.release();
  assert.equal(released.labels, labels);
  assert.equal(released.fields, fields);
  assert.notEqual(released.object, object);
  assert.deepEqual(released.object, object);
});

test("an object that was released does not keep what it parses for later readers", () => {
  const released = stored();
  released.release();
  assert.deepEqual(released.labels, { app: "web" });
  assert.equal(released.fields["metadata.name"], "a");
  assert.equal(released.fields, released.fields);
  assert.notEqual(released.object, released.object);
});

test("an object under another revision shares labels and fields, and releases the original too", () => {
  const original = stored();
  const { labels, fields } = original;
  const deleted = atRevision(configMapKind, original, 9);
  assert.equal(deleted.labels, labels);
  assert.equal(deleted.fields, fields);
  assert.equal(deleted.object.metadata.resourceVersion, "9");
  deleted.release();
  assert.notEqual(deleted.object, deleted.object);
  assert.notEqual(original.object, original.object);
});

test("a parsed object lives as long as a reader holds it, and no longer", async () => {
  const kept = stored();
  const objects = [new WeakRef(kept.object), new WeakRef(kept.shared)];
  const held = kept.shared;
  await collectGarbage();
  assert.deepEqual(
    objects.map((object) => object.deref() !== undefined),
    [false, true],
  );
  assert.equal(kept.shared, held);
  assert.deepEqual(kept.object.metadata.labels, { app: "web" });
});
