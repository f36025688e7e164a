import assert from "node:assert/strict";
import { test } from "node:test";
import { field, list, map, struct, t } from "../schema.ts";
import type { JsonObject } from "./json-object.ts";
import { strategicMerge } from "./strategic-merge.ts";

const item = struct("Item", "", {
  name: field(1, t.string, "", { required: true }),
  value: field(2, t.string, ""),
  other: field(3, t.string, ""),
});
const schema = struct("Thing", "", {
  name: field(1, t.string, ""),
  labels: field(2, map(t.string), ""),
  items: field(3, list(item, { mergeKey: "name", patchStrategy: "merge" }), ""),
  atomics: field(4, list(item), ""),
  words: field(5, list(t.string, { patchStrategy: "merge" }), ""),
  volume: field(6, struct("Volume", "", { a: field(1, t.string, ""), b: field(2, t.string, "") }), "", {
    patchStrategy: "retainKeys",
  }),
  replaced: field(7, map(t.string), "", { patchStrategy: "replace" }),
});

const cases: { name: string; current: JsonObject; patch: JsonObject; want: JsonObject }[] = [
  { name: "a scalar is replaced", current: { name: "a" }, patch: { name: "b" }, want: { name: "b" } },
  { name: "null removes", current: { name: "a" }, patch: { name: null }, want: {} },
  { name: "null for what is not there does nothing", current: {}, patch: { name: null }, want: {} },
  {
    name: "maps are merged, null removes a key",
    current: { labels: { a: "1", b: "2" } },
    patch: { labels: { b: null, c: "3" } },
    want: { labels: { a: "1", c: "3" } },
  },
  {
    name: "nulls in a new map are not stored",
    current: {},
    patch: { labels: { a: null, b: "1" } },
    want: { labels: { b: "1" } },
  },
  {
    name: "items with the same key are merged, new ones come first",
    current: { items: [{ name: "a", value: "1", other: "x" }, { name: "b" }] },
    patch: { items: [{ name: "a", value: "2" }, { name: "c" }] },
    want: { items: [{ name: "a", value: "2", other: "x" }, { name: "c" }, { name: "b" }] },
  },
  {
    name: "$patch: delete takes an item away",
    current: { items: [{ name: "a" }, { name: "b" }] },
    patch: { items: [{ name: "a", $patch: "delete" }] },
    want: { items: [{ name: "b" }] },
  },
  {
    name: "$patch: replace in a list replaces all items",
    current: { items: [{ name: "a", value: "1" }, { name: "b" }] },
    patch: { items: [{ name: "a" }, { $patch: "replace" }] },
    want: { items: [{ name: "a" }] },
  },
  {
    name: "$patch: replace in a map replaces the map",
    current: { labels: { a: "1" } },
    patch: { labels: { $patch: "replace", b: "2" } },
    want: { labels: { b: "2" } },
  },
  {
    name: "$patch: delete in a map empties it",
    current: { labels: { a: "1" } },
    patch: { labels: { $patch: "delete" } },
    want: { labels: {} },
  },
  {
    name: "lists without a strategy are replaced whole",
    current: { atomics: [{ name: "a" }, { name: "b" }] },
    patch: { atomics: [{ name: "c" }] },
    want: { atomics: [{ name: "c" }] },
  },
  {
    name: "scalars are added once",
    current: { words: ["a", "b"] },
    patch: { words: ["c", "b"] },
    want: { words: ["c", "a", "b"] },
  },
  {
    name: "$deleteFromPrimitiveList takes scalars away",
    current: { words: ["a", "b", "c"] },
    patch: { "$deleteFromPrimitiveList/words": ["b", "x"] },
    want: { words: ["a", "c"] },
  },
  {
    name: "$setElementOrder orders the elements that exist",
    current: { items: [{ name: "a" }, { name: "b" }, { name: "c" }] },
    patch: { "$setElementOrder/items": [{ name: "c" }, { name: "b" }, { name: "a" }] },
    want: { items: [{ name: "c" }, { name: "b" }, { name: "a" }] },
  },
  {
    name: "$setElementOrder orders merged items, and the server's own stay where they stood",
    current: { items: [{ name: "own" }, { name: "a" }, { name: "b" }] },
    patch: { items: [{ name: "c" }], "$setElementOrder/items": [{ name: "a" }, { name: "c" }, { name: "b" }] },
    want: { items: [{ name: "own" }, { name: "a" }, { name: "c" }, { name: "b" }] },
  },
  {
    name: "$setElementOrder with an item that is deleted, as kubectl apply writes it",
    current: { items: [{ name: "a" }, { name: "b" }] },
    patch: { items: [{ name: "b", $patch: "delete" }], "$setElementOrder/items": [{ name: "a" }] },
    want: { items: [{ name: "a" }] },
  },
  {
    name: "$retainKeys removes what it does not name",
    current: { volume: { a: "1", b: "2" } },
    patch: { volume: { $retainKeys: ["b"], b: "3" } },
    want: { volume: { b: "3" } },
  },
  {
    name: "a field with strategy replace is replaced",
    current: { replaced: { a: "1" } },
    patch: { replaced: { b: "2" } },
    want: { replaced: { b: "2" } },
  },
  {
    name: "an unknown field is taken over",
    current: {},
    patch: { foo: { $patch: "replace" }, bar: 1 },
    want: { bar: 1 },
  },
];

for (const { name, current, patch, want } of cases) {
  test(`strategicMerge: ${name}`, () => {
    const before = structuredClone({ current, patch });
    assert.deepEqual(strategicMerge(schema, current, patch), want);
    assert.deepEqual({ current, patch }, before, "what was given stays as it was");
  });
}

const refused: { name: string; patch: unknown; want: string; code?: number }[] = [
  { name: "a list instead of an object", patch: [], want: "invalid JSON document" },
  {
    name: "an item without its key",
    patch: { items: [{ value: "1" }] },
    want: "map: map[value:1] does not contain declared merge key: name",
    code: 500,
  },
  {
    name: "an unknown directive",
    patch: { labels: { $patch: "twist" } },
    want: "unknown patch type: twist in map: map[$patch:twist]",
    code: 500,
  },
  {
    name: "an unknown directive in a list",
    patch: { items: [{ $patch: "twist", name: "a" }] },
    want: "unknown patch type: twist in map: map[$patch:twist name:a]",
    code: 500,
  },
  {
    name: "an order that is no list",
    patch: { "$setElementOrder/items": 1 },
    want: "invalid patch format of setElementOrder list",
  },
  {
    name: "retained keys that leave out a written one",
    patch: { volume: { $retainKeys: ["a"], b: "1" } },
    want: "invalid patch format of retainKeys",
  },
  {
    name: "scalars to delete that are no list",
    patch: { "$deleteFromPrimitiveList/words": "a" },
    want: "invalid patch format of primitive list",
  },
];

for (const { name, patch, want, code = 400 } of refused) {
  test(`strategicMerge refuses ${name}`, () => {
    const current = { labels: { a: "1" }, items: [{ name: "a" }], words: ["a"], volume: { a: "1" } };
    assert.throws(() => strategicMerge(schema, current, patch), { name: "StatusError", code, message: want });
  });
}
