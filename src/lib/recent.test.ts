import assert from "node:assert/strict";
import { test } from "node:test";
import { createRecent } from "./recent.ts";

test("what was set longest ago is forgotten once there are too many", () => {
  const recent = createRecent<number>(2);
  recent.set("a", 1);
  recent.set("b", 2);
  recent.set("a", 3);
  recent.set("c", 4);
  assert.deepEqual([recent.get("a"), recent.get("b"), recent.get("c")], [3, undefined, 4]);
});

test("what was set longest ago is forgotten once it is too large", () => {
  const recent = createRecent<Uint8Array>(100, { bytesMax: 100, bytesOf: (value) => value.byteLength });
  recent.set("a", new Uint8Array(39));
  recent.set("b", new Uint8Array(39));
  recent.set("b", new Uint8Array(49));
  assert.equal(recent.get("a")?.byteLength, 39);
  recent.set("c", new Uint8Array(39));
  assert.equal(recent.get("a"), undefined);
  assert.equal(recent.get("b")?.byteLength, 49);
  recent.set("d", new Uint8Array(1_000));
  for (const key of ["b", "c", "d"]) assert.equal(recent.get(key), undefined);
});
