import assert from "node:assert/strict";
import { test } from "node:test";
import { withDefaultValues, withoutForbiddenNulls } from "./default-values.ts";
import type { JsonSchema } from "./json-schema.ts";
import { pruned } from "./prune.ts";

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
