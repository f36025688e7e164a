import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonSchema } from "./json-schema.ts";
import { structuralProblems } from "./structural-problems.ts";

const text: JsonSchema = { type: "string" };
const object = (properties: JsonSchema["properties"], more: JsonSchema = {}): JsonSchema => ({
  type: "object",
  properties,
  ...more,
});
const integerOrString: JsonSchema = {
  anyOf: [{ type: "integer" }, { type: "string" }],
  "x-kubernetes-int-or-string": true,
};

const rows: readonly (readonly [name: string, schema: JsonSchema, want: readonly string[]])[] = [
  ["a structural schema", object({ spec: object({ a: text, b: { type: "array", items: text } }) }), []],
  ["an integer or a string", object({ a: integerOrString }), []],
  [
    "an integer or a string with more conditions",
    object({
      a: { "x-kubernetes-int-or-string": true, allOf: [{ anyOf: [{ type: "integer" }, text] }, { pattern: "a" }] },
    }),
    [],
  ],
  ["anything", object({ a: { "x-kubernetes-preserve-unknown-fields": true } }), []],
  ["no type at the root", {}, ["s.type: Required value: must not be empty at the root"]],
  ["another type at the root", text, ['s.type: Invalid value: "string": must be object at the root']],
  [
    "fields and items without a type",
    object({ a: {}, b: { type: "array", items: {} }, c: { type: "array" } }),
    [
      "s.properties[a].type: Required value: must not be empty for specified object fields",
      "s.properties[b].items.type: Required value: must not be empty for specified array items",
      "s.properties[c].items: Required value: must be specified",
    ],
  ],
  [
    "any fields at the root",
    { type: "object", additionalProperties: true },
    ["s.additionalProperties: Forbidden: must not be used at the root"],
  ],
  [
    "metadata, kind and apiVersion",
    object({ metadata: object({ labels: object({}) }), kind: { type: "integer" }, apiVersion: object({}) }),
    [
      's.properties[apiVersion].type: Invalid value: "object": must be string',
      's.properties[kind].type: Invalid value: "integer": must be string',
      "s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified",
    ],
  ],
  ["the name in metadata", object({ metadata: object({ name: { ...text, maxLength: 5 } }) }), []],
  [
    "an embedded resource without fields, and one of another type",
    object({
      a: { type: "object", "x-kubernetes-embedded-resource": true },
      b: { "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
    }),
    [
      "s.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      "s.properties[b].type: Required value: must be object if x-kubernetes-embedded-resource is true",
    ],
  ],
  [
    "what shapes values below a junction",
    object(
      { a: text },
      {
        anyOf: [{ properties: { a: { type: "string", description: "x", nullable: true, default: 1 } } }],
        not: { additionalProperties: true, "x-kubernetes-list-type": "set" },
      },
    ),
    [
      "s.anyOf[0].properties[a].default: Forbidden: must be undefined to be structural",
      "s.anyOf[0].properties[a].description: Forbidden: must be empty to be structural",
      "s.anyOf[0].properties[a].nullable: Forbidden: must be false to be structural",
      "s.anyOf[0].properties[a].type: Forbidden: must be empty to be structural",
      "s.not.additionalProperties: Forbidden: must be undefined to be structural",
      "s.not.x-kubernetes-list-type: Forbidden: must be undefined to be structural",
    ],
  ],
  [
    "what is restricted and not specified",
    object({ a: object({}) }, { allOf: [{ properties: { a: { properties: { b: {} } }, c: {} } }, { items: {} }] }),
    [
      "s.items: Required value: because it is defined in s.allOf[1].items",
      "s.properties[a].properties[b]: Required value: because it is defined in s.allOf[0].properties[a].properties[b]",
      "s.properties[c]: Required value: because it is defined in s.allOf[0].properties[c]",
    ],
  ],
  [
    "a pattern that is none, and extensions that exclude each other",
    object({ a: { ...text, pattern: "(" }, b: { ...integerOrString, "x-kubernetes-preserve-unknown-fields": true } }),
    [
      's.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: unclosed',
      "s.properties[b].x-kubernetes-preserve-unknown-fields: Invalid value: true: must be false if x-kubernetes-int-or-string is true",
    ],
  ],
];

for (const [name, schema, want] of rows) {
  test(`structuralProblems: ${name}`, () => {
    const problems = structuralProblems(schema, "s", (pattern) => (pattern === "(" ? "unclosed" : undefined));
    assert.deepEqual(
      problems.map(({ path, message }) => `${path}: ${message}`),
      want,
    );
  });
}
