import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import fc from "fast-check";
import { decodeObject } from "./codec/decode-object.ts";
import { encodeObject } from "./codec/encode.ts";
import { jsonDepth, jsonText } from "./codec/json-text.ts";
import { parseJson } from "./codec/parse-json.ts";
import { type ConfigMap, configMapKind } from "./core/v1/configmap/configmap.ts";
import { deepEqual } from "./deep-equal.ts";
import { copyJson } from "./patch/copy-json.ts";
import { jsonPatch } from "./patch/json-patch.ts";
import { mergePatch } from "./patch/merge-patch.ts";
import { sameJson } from "./patch/same-json.ts";
import { strategicMerge } from "./patch/strategic-merge.ts";

/** Keys that mean something to JavaScript, and two that do not. */
const keys = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "__defineGetter__",
  "length",
  "0",
  "a",
);
const data = fc.dictionary(keys, fc.constantFrom("", "x", "y"), { noNullPrototype: true, maxKeys: 5 });
/** JSON text of any value whose objects have such keys. */
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, 1, "", "x"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(keys, tie("value"), { noNullPrototype: true, maxKeys: 3 }),
  ),
}));

const builtins: readonly object[] = [
  Object.prototype,
  Function.prototype,
  Array.prototype,
  Object,
  ...Object.getOwnPropertyNames(Object.prototype)
    .map((name) => Object.getOwnPropertyDescriptor(Object.prototype, name)?.value)
    .filter((value) => typeof value === "function"),
];
const shapes = () => builtins.map((object) => Object.getOwnPropertyNames(object).join());
const before = shapes();

afterEach(() => assert.deepEqual(shapes(), before, "the built-ins have changed"));

function configMap(json: unknown): ConfigMap {
  const decoded = decodeObject(configMapKind, json, { fieldValidation: "Strict" });
  assert(decoded.error === undefined, decoded.error?.message);
  return decoded.object;
}

const stored = (entries: Readonly<Record<string, string>>) => ({ metadata: { name: "c" }, data: entries });
const entriesOf = (object: unknown) => Object.entries(object ?? {}).sort();

test("data of any keys is the same after decoding and encoding", () => {
  fc.assert(
    fc.property(data, (entries) => {
      const text = encodeObject(configMapKind, configMap(parseJson(JSON.stringify(stored(entries))).value));
      assert.deepEqual(entriesOf(configMap(JSON.parse(text)).data), entriesOf(entries));
    }),
  );
});

for (const [name, patch] of [
  ["merge", (current, wanted) => mergePatch(current, wanted)],
  ["strategic merge", (current, wanted) => strategicMerge(configMapKind.schema, current, wanted)],
] satisfies [string, typeof mergePatch][]) {
  test(`a ${name} patch sets and removes any keys of data`, () => {
    fc.assert(
      fc.property(data, data, data, (had, set, removed) => {
        const nulls = Object.fromEntries(Object.keys(removed).map((key) => [key, null]));
        const patched = patch(stored(had), { data: { ...set, ...nulls } });
        const wanted = Object.entries({ ...had, ...set }).filter(([key]) => !Object.hasOwn(removed, key));
        assert.deepEqual(entriesOf(patched.data), wanted.sort());
      }),
    );
  });
}

test("a JSON patch adds, tests, moves and removes any keys of data", () => {
  fc.assert(
    fc.property(data, data, (had, set) => {
      const added = jsonPatch(
        stored(had),
        Object.entries(set).flatMap(([key, value]) => [
          { op: "add", path: `/data/${key}`, value },
          { op: "test", path: `/data/${key}`, value },
        ]),
      );
      assert.deepEqual(entriesOf(added.data), entriesOf({ ...had, ...set }));
      const removed = jsonPatch(
        added,
        Object.keys(set).flatMap((key) => [
          { op: "move", from: `/data/${key}`, path: "/data/moved" },
          { op: "remove", path: "/data/moved" },
        ]),
      );
      const rest = Object.entries(had).filter(([key]) => !Object.hasOwn(set, key));
      assert.deepEqual(entriesOf(removed.data), rest.sort());
    }),
  );
});

test("copies and texts of any JSON say the same, and no other JSON does", () => {
  fc.assert(
    fc.property(json, json, (value, other) => {
      assert.deepEqual(copyJson(value), value);
      assert.equal(jsonText(value), JSON.stringify(value));
      assert.equal(sameJson(value, copyJson(value)), true);
      assert.equal(sameJson(value, other), sorted(value) === sorted(other));
      assert.equal(deepEqual(value, copyJson(value)), true);
    }),
  );
});

test("a key that one side alone has makes a difference, whatever it is called", () => {
  fc.assert(
    fc.property(keys, (key) => {
      const value = JSON.parse(`{"a":{"${key}":{"x":1}}}`);
      assert.equal(deepEqual(value, { a: {} }), false);
      assert.equal(sameJson(value, { a: {} }), false);
    }),
  );
});

test("patches nested 10,000 deep are applied", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`);
  for (const patched of [
    mergePatch({}, deep),
    mergePatch(deep, deep),
    strategicMerge(configMapKind.schema, {}, deep),
    jsonPatch({}, [{ op: "add", path: "/a", value: deep.a }]),
  ]) {
    assert.equal(jsonDepth(patched), 10_000);
    assert.equal(jsonText(patched).length, jsonText(deep).length);
  }
});

test("a value of any shape may be nested 1,000 deep, and no deeper", () => {
  const decode = (depth: number) => {
    const fieldsV1 = JSON.parse(`${'{"f:a":'.repeat(depth)}1${"}".repeat(depth)}`);
    return decodeObject(configMapKind, { metadata: { managedFields: [{ fieldsV1 }] } }, { fieldValidation: "Strict" });
  };
  assert.equal(decode(1_000).error, undefined);
  assert.match(decode(1_001).error?.message ?? "", /: exceeded max depth$/);
  assert.match(decode(9_000).error?.message ?? "", /: exceeded max depth$/);
});

/** The text of a value, keys sorted. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}:${sorted(inner)}`);
  return `{${entries.sort().join()}}`;
}
