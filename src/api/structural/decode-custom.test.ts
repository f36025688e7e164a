import assert from "node:assert/strict";
import { test } from "node:test";
import { JSON_DEPTH_MAX } from "../codec/json-depth.ts";
import { jsonText } from "../codec/json-text.ts";
import { decodeCustom } from "./decode-custom.ts";
import type { JsonSchema } from "./json-schema.ts";

const text: JsonSchema = { type: "string" };
const embedded: JsonSchema = {
  type: "object",
  "x-kubernetes-embedded-resource": true,
  "x-kubernetes-preserve-unknown-fields": true,
};
const schema: JsonSchema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        b: text,
        a: { ...text, default: "x" },
        n: { type: "integer" },
        template: embedded,
        list: { type: "array", items: embedded },
        map: { type: "object", additionalProperties: embedded },
      },
    },
    status: { type: "object", default: {} },
  },
};
const named = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } };

function decoded(object: object) {
  const result = decodeCustom(schema, { ...named, ...object });
  assert.ok(!("error" in result));
  return result;
}

test("zero values stay, and defaults are filled in", () => {
  const { value, unknownFields } = decoded({ spec: { n: 0, b: "" } });
  assert.deepEqual(value, { ...named, spec: { b: "", n: 0, a: "x" }, status: {} });
  assert.deepEqual(unknownFields, []);
});

const DEEP: readonly (readonly [name: string, nested: string])[] = [
  ["lists", "[".repeat(JSON_DEPTH_MAX - 5) + "]".repeat(JSON_DEPTH_MAX - 5)],
  ["maps", `${'{"a":'.repeat(JSON_DEPTH_MAX - 5)}1${"}".repeat(JSON_DEPTH_MAX - 5)}`],
];

for (const [name, nested] of DEEP) {
  test(`${name} as deep as JSON may be are kept or dropped, as the schema says`, () => {
    const value: unknown = JSON.parse(nested);
    const kept = decodeCustom(
      { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      { ...named, spec: value },
    );
    assert.ok("value" in kept && jsonText(kept.value).includes(nested));
    for (const spec of [{ type: "array", items: text }, { type: "object", additionalProperties: true }, text]) {
      assert.ok("value" in decodeCustom({ type: "object", properties: { spec } }, { ...named, spec: value }));
    }
  });
}

test("fields that are not known are dropped and named, those of metadata first", () => {
  const { value, unknownFields } = decoded({
    metadata: { name: "w", labels: {}, color: 1 },
    spec: { c: 1, template: { kind: "Pod", apiVersion: "v1", metadata: { name: "p", color: 2 }, x: 1 } },
    extra: 1,
  });
  assert.deepEqual(unknownFields, ["metadata.color", "extra", "spec.c", "spec.template.metadata.color"]);
  assert.deepEqual(value, {
    ...named,
    spec: { a: "x", template: { kind: "Pod", apiVersion: "v1", metadata: { name: "p" }, x: 1 } },
    status: {},
  });
});

test("null is no value, unless it is allowed", () => {
  assert.deepEqual(decoded({ spec: { b: null, a: null } }).value, { ...named, spec: { a: "x" }, status: {} });
});

const refusals: readonly (readonly [name: string, object: object, want: string])[] = [
  [
    "metadata of another type",
    { metadata: { name: "w", labels: 1 } },
    "json: cannot unmarshal number into Go struct field ObjectMeta.labels of type map[string]string",
  ],
  [
    "an embedded resource whose kind is no text",
    { spec: { template: { kind: 1 } } },
    "spec.template.kind: Invalid value: 1: must be a string",
  ],
  [
    "embedded metadata, in a list",
    { spec: { list: [{ metadata: { name: 1 } }] } },
    'spec.list[0].metadata: Invalid value: {"name":1}: json: cannot unmarshal number into Go struct field ObjectMeta.name of type string',
  ],
  [
    "an embedded resource in a map",
    { spec: { map: { k: { apiVersion: [] } } } },
    "spec.map[k].apiVersion: Invalid value: []: must be a string",
  ],
];

for (const [name, object, want] of refusals) {
  test(`refused: ${name}`, () => {
    const result = decodeCustom(schema, { ...named, ...object });
    assert.ok("error" in result);
    assert.equal(result.error, want);
  });
}

test("what is no object is refused", () => {
  assert.deepEqual(decodeCustom(schema, []), {
    error: "json: cannot unmarshal array into Go value of type map[string]interface {}",
  });
});
