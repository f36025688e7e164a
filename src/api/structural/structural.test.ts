import assert from "node:assert/strict";
import { test } from "node:test";
import { costRatio } from "@fairlead/lib/cost-ratio.testing";
import { withDefaultValues, withoutForbiddenNulls } from "./default-values.ts";
import type { JsonSchema } from "./json-schema.ts";
import { repeatedItems } from "./list-types.ts";
import { pruned } from "./prune.ts";
import { valueProblems } from "./validate-value.ts";

const text: JsonSchema = { type: "string" };
const object = (properties: JsonSchema["properties"], more: JsonSchema = {}): JsonSchema => ({
  type: "object",
  properties,
  ...more,
});
const list = (items: JsonSchema): JsonSchema => ({ type: "array", items });
const map = (additionalProperties: JsonSchema | boolean): JsonSchema => ({ type: "object", additionalProperties });
const KEEP = "x-kubernetes-preserve-unknown-fields";
const keep: JsonSchema = { [KEEP]: true };

interface Pruning {
  readonly name: string;
  readonly spec: JsonSchema;
  readonly value: unknown;
  readonly want: unknown;
  readonly dropped?: readonly string[];
}

const prunings: readonly Pruning[] = [
  {
    name: "fields that are not specified are dropped, at every depth",
    spec: object({ a: text, b: object({ c: text }) }),
    value: { a: "1", b: { c: "2", d: { e: 1 } }, f: [] },
    want: { a: "1", b: { c: "2" } },
    dropped: ["spec.b.d", "spec.f"],
  },
  {
    name: "in lists and maps",
    spec: object({ l: list(object({ a: text })), m: map(object({ a: text })) }),
    value: { l: [{ a: "1", b: 1 }, 7], m: { k: { b: 1 } } },
    want: { l: [{ a: "1" }, 7], m: { k: {} } },
    dropped: ["spec.l[0].b", "spec.m.k.b"],
  },
  {
    name: "values of another type stay for validation to refuse",
    spec: object({ a: text, b: object({ c: text }) }),
    value: { a: [1], b: "x" },
    want: { a: [1], b: "x" },
  },
  {
    name: "a map of anything keeps its keys, and nothing in them",
    spec: object({ m: map(true) }),
    value: { m: { k: { a: 1 }, l: [{ a: 1 }], s: 1 } },
    want: { m: { k: {}, l: [{}], s: 1 } },
    dropped: ["spec.m.k.a", "spec.m.l[0].a"],
  },
  {
    name: "unknown fields are kept on request, down to where the schema specifies fields again",
    spec: object({ a: object({ b: text }) }, keep),
    value: { a: { b: "1", c: 1 }, x: { y: [{ z: 1 }] } },
    want: { a: { b: "1" }, x: { y: [{ z: 1 }] } },
    dropped: ["spec.a.c"],
  },
  {
    name: "the items of a list that keeps unknown fields keep theirs",
    spec: object({ l: { ...list(object({ a: object({ b: text }) })), ...keep }, m: { type: "array", ...keep } }),
    value: { l: [{ a: { c: 1 }, d: 1 }], m: [{ a: 1 }, [2]] },
    want: { l: [{ a: {}, d: 1 }], m: [{ a: 1 }, [2]] },
    dropped: ["spec.l[0].a.c"],
  },
  {
    name: "an embedded resource has its type and its metadata",
    spec: object({ e: object({ spec: object({ a: text }) }, { "x-kubernetes-embedded-resource": true }) }),
    value: { e: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { a: "1", b: 1 }, status: {} } },
    want: { e: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { a: "1" } } },
    dropped: ["spec.e.spec.b", "spec.e.status"],
  },
  {
    name: "keys that every object of the language has are keys like others",
    spec: object({ constructor: text, m: map(text) }),
    value: JSON.parse('{"constructor":"1","toString":1,"m":{"__proto__":"2"}}'),
    want: JSON.parse('{"constructor":"1","m":{"__proto__":"2"}}'),
    dropped: ["spec.toString"],
  },
];

for (const { name, spec, value, want, dropped = [] } of prunings) {
  test(`pruned: ${name}`, () => {
    const given = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec: value };
    const result = pruned(object({ spec }), given, 100);
    assert.deepEqual(result.value, { ...given, spec: want });
    assert.deepEqual(result.unknownFields, dropped);
  });
}

test("pruned: no more fields are named than were asked for, and all are dropped", () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, 1]));
  const { value, unknownFields } = pruned(object({}), many, 100);
  assert.deepEqual(value, {});
  assert.equal(unknownFields.length, 100);
});

const defaults: readonly { name: string; schema: JsonSchema; value: unknown; want: unknown }[] = [
  {
    name: "a field that is missing, and fields in the default of another",
    schema: object({
      a: { ...text, default: "x" },
      b: object({ c: { ...text, default: "y" } }, { default: {} }),
      d: object({ e: { ...text, default: "z" } }),
    }),
    value: {},
    want: { a: "x", b: { c: "y" } },
  },
  {
    name: "zero values are values",
    schema: object({ a: { ...text, default: "x" }, b: { type: "boolean", default: true } }),
    value: { a: "", b: false },
    want: { a: "", b: false },
  },
  {
    name: "null is missing, unless it is allowed",
    schema: object({ a: { ...text, default: "x" }, b: { ...text, default: "x", nullable: true } }),
    value: { a: null, b: null },
    want: { a: "x", b: null },
  },
  {
    name: "in lists and maps",
    schema: object({ l: list({ ...text, default: "x" }), m: map(object({ a: { ...text, default: "y" } })) }),
    value: { l: ["1", null], m: { k: {}, j: { a: "2" } } },
    want: { l: ["1", "x"], m: { k: { a: "y" }, j: { a: "2" } } },
  },
  {
    name: "values of another type stay",
    schema: object({ a: object({ b: { ...text, default: "x" } }) }),
    value: { a: 7 },
    want: { a: 7 },
  },
];

for (const { name, schema, value, want } of defaults) {
  test(`withDefaultValues: ${name}`, () => {
    const filled = withDefaultValues(schema, value);
    assert.deepEqual(filled, want);
    assert.equal(withDefaultValues(schema, filled), filled, "a second time changes nothing");
  });
}

test("withoutForbiddenNulls: what may be null or has a default stays", () => {
  const schema = object({
    a: text,
    b: { ...text, nullable: true },
    c: { ...text, default: "x" },
    l: list(object({ a: text })),
    m: map(text),
  });
  assert.deepEqual(
    withoutForbiddenNulls(schema, { a: null, b: null, c: null, l: [{ a: null }, null], m: { k: null }, x: null }),
    {
      b: null,
      c: null,
      l: [{}, null],
      m: {},
      x: null,
    },
  );
});

const checks = {
  matches: (pattern: string, value: string) => new RegExp(pattern, "u").test(value),
  fitsFormat: (format: string, value: string) => format !== "ipv4" || /^\d+\.\d+\.\d+\.\d+$/.test(value),
};

const refusals: readonly (readonly [name: string, spec: JsonSchema, value: unknown, want: readonly string[]])[] = [
  [
    "another type",
    object({
      a: { type: "integer" },
      b: text,
      c: list(text),
      d: object({}),
      e: { type: "boolean" },
      f: { type: "number" },
    }),
    { a: "1", b: 1, c: {}, d: [], e: null, f: 1 },
    [
      'spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"',
      'spec.b: Invalid value: "integer": spec.b in body must be of type string: "integer"',
      'spec.c: Invalid value: "object": spec.c in body must be of type array: "object"',
      'spec.d: Invalid value: "array": spec.d in body must be of type object: "array"',
      'spec.e: Invalid value: "null": spec.e in body must be of type boolean: "null"',
    ],
  ],
  [
    "an integer or a string",
    object({ a: { "x-kubernetes-int-or-string": true }, b: { "x-kubernetes-int-or-string": true } }),
    { a: true, b: "50%" },
    ['spec.a: Invalid value: "boolean": spec.a in body must be of type integer,string: "boolean"'],
  ],
  [
    "fields that are missing, too few and too many",
    object({ a: map(text), b: map(text) }, { required: ["a", "c"] }),
    { a: { k: "1" }, b: { k: "1", l: "2" } },
    ["spec.c: Required value"],
  ],
  [
    "numbers out of bounds",
    object({
      a: { type: "integer", minimum: 2 },
      b: { type: "integer", maximum: 2, exclusiveMaximum: true },
      c: { type: "number", multipleOf: 0.5 },
      d: { type: "integer", minimum: -1, maximum: 9_007_199_254_740_992 },
    }),
    { a: 1, b: 2, c: 0.7, d: 2n ** 60n },
    [
      "spec.a: Invalid value: 1: spec.a in body should be greater than or equal to 2",
      "spec.b: Invalid value: 2: spec.b in body should be less than 2",
      "spec.c: Invalid value: 0.7: spec.c in body should be a multiple of 0.5",
      "spec.d: Invalid value: 1152921504606846976: spec.d in body should be less than or equal to 9007199254740992",
    ],
  ],
  [
    "texts that are too short, too long or without a match; a length is counted in characters",
    object({
      a: { ...text, minLength: 3 },
      b: { ...text, maxLength: 2 },
      c: { ...text, pattern: "^a+$" },
      d: { ...text, maxLength: 1 },
      e: { ...text, format: "ipv4" },
    }),
    { a: "ab", b: "abc", c: "b", d: "😀", e: "x" },
    [
      'spec.a: Invalid value: "ab": spec.a in body should be at least 3 chars long',
      "spec.b: Too long: may not be more than 2 bytes",
      "spec.c: Invalid value: \"b\": spec.c in body should match '^a+$'",
      'spec.e: Invalid value: "x": spec.e in body must be of type ipv4: "x"',
    ],
  ],
  [
    "lists",
    object({
      a: { ...list(text), minItems: 1 },
      b: { ...list(text), maxItems: 1 },
      c: { ...list(map(text)), uniqueItems: true },
    }),
    {
      a: [],
      b: ["1", "2"],
      c: [
        { x: "1", y: "2" },
        { y: "2", x: "1" },
      ],
    },
    [
      "spec.a: Invalid value: 0: spec.a in body should have at least 1 items",
      "spec.b: Too many: 2: must have at most 1 items",
      'spec.c: Invalid value: "": spec.c in body shouldn\'t contain duplicates',
    ],
  ],
  [
    "values outside a closed set",
    object({ a: { ...text, enum: ["x", "y"] } }),
    { a: "z" },
    ['spec.a: Unsupported value: "z": supported values: "x", "y"'],
  ],
  [
    "no alternative fits: the one that fits most says why",
    object(
      { a: text, b: text },
      { anyOf: [{ required: ["a"] }, { required: ["b"], properties: { a: { minLength: 1 } } }] },
    ),
    {},
    ['<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)', "spec.a: Required value"],
  ],
  [
    "two alternatives fit where one may",
    object({ a: text, b: text }, { oneOf: [{ required: ["a"] }, { required: ["b"] }] }),
    { a: "1", b: "2" },
    ['<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
  [
    "one of several demands, and what must not be",
    object({ a: text }, { allOf: [{ required: ["a"] }, { required: ["b"] }], not: { required: ["a"] } }),
    { a: "1" },
    [
      "spec.b: Required value",
      '<nil>: Invalid value: "": "spec" must validate all the schemas (allOf)',
      '<nil>: Invalid value: "": "spec" must not validate the schema (not)',
    ],
  ],
];

for (const [name, spec, value, want] of refusals) {
  test(`valueProblems: ${name}`, () => {
    const problems = valueProblems(object({ spec }), { spec: value }, checks);
    assert.deepEqual(
      problems.map(({ path, message }) => `${path}: ${message}`),
      want,
    );
  });
}

const keyed = (keys: readonly string[]): JsonSchema => ({
  ...list(object({ a: text, b: text })),
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": keys,
});
const set: JsonSchema = { ...list({}), "x-kubernetes-list-type": "set" };

const repetitions: readonly (readonly [name: string, spec: JsonSchema, value: unknown, want: readonly string[]])[] = [
  [
    "a set: only the second of equal items is named",
    set,
    ["x", "y", "x", "x", 1, 1],
    ['spec[2]: Duplicate value: "x"', "spec[5]: Duplicate value: 1"],
  ],
  [
    "a set of maps, whatever the order of their keys",
    set,
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    ['spec[1]: Duplicate value: {"b":2,"a":1}'],
  ],
  ["one key", keyed(["a"]), [{ a: "1" }, { a: "2" }, { a: "1", b: "1" }], ['spec[2]: Duplicate value: {"a":"1"}']],
  [
    "two keys",
    keyed(["a", "b"]),
    [{ a: "1" }, { a: "1", b: "1" }, { a: "1" }],
    ['spec[2]: Duplicate value: {"a":"1"}'],
  ],
  ["items without their key", keyed(["a"]), [{}, { b: "1" }, null], ["spec[1]: Duplicate value: {}"]],
  [
    "an item that is no map",
    keyed(["a"]),
    [{}, 7],
    ["spec[1]: Invalid value: 7: must be an object for an array of list-type map"],
  ],
  ["a list in a map in a list", list(map(set)), [{ k: [1, 1] }], ["spec[0][k][1]: Duplicate value: 1"]],
];

for (const [name, spec, value, want] of repetitions) {
  test(`repeatedItems: ${name}`, () => {
    const problems = repeatedItems(object({ spec }), { spec: value });
    assert.deepEqual(
      problems.map(({ path, message }) => `${path}: ${message}`),
      want,
    );
  });
}

const many = (count: number, item: (index: number) => unknown) =>
  Array.from({ length: count }, (_, index) => item(index));
const fieldsOf = (count: number) =>
  Object.fromEntries(many(count, (index) => [`f${index}`, index]) as [string, number][]);
const anything: JsonSchema = { type: "array", items: { ...object({ a: text }), ...keep } };

const costs: readonly (readonly [name: string, schema: JsonSchema, value: (size: number) => unknown])[] = [
  ["unknown fields", object({}), fieldsOf],
  ["fields of the wrong type", map(text), fieldsOf],
  ["items of a set", set, (n) => many(n, (index) => ({ index, again: index % 7 }))],
  ["items with keys", keyed(["a", "b"]), (n) => many(n, (index) => ({ a: `${index % 100}`, b: `${index}` }))],
  ["unique items", { ...list({}), uniqueItems: true }, (n) => many(n, (index) => [index])],
  ["items of the wrong type", list(text), (n) => many(n, (index) => index)],
  ["items that fit no alternative", list({ anyOf: [text, { type: "boolean" }] }), (n) => many(n, (index) => index)],
  ["lists in lists", { ...keep }, (n) => JSON.parse("[".repeat(n / 8) + "]".repeat(n / 8))],
  ["fields that are kept", anything, (n) => many(n, (index) => ({ [`x${index}`]: { y: index } }))],
];

for (const [name, spec, value] of costs) {
  test(`the cost of ${name} grows with their number`, () => {
    const schema = object({ spec });
    const prepare = (size: number) => {
      const given = { spec: value(size) };
      return () => [
        pruned(schema, given, 100),
        withoutForbiddenNulls(schema, withDefaultValues(schema, given)),
        valueProblems(schema, given, checks),
        repeatedItems(schema, given),
      ];
    };
    const ratio = costRatio(prepare, 2_000, 4);
    assert.ok(ratio < 10, `4 times the number took ${ratio.toFixed(1)} times as long`);
  });
}
