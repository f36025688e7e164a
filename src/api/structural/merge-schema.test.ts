import assert from "node:assert/strict";
import { test } from "node:test";
import { objectMetaSchema } from "../meta/v1/object-meta.ts";
import { type Schema, t } from "../schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import { mergeSchema } from "./merge-schema.ts";

const text: JsonSchema = { type: "string" };
const object = (properties: Readonly<Record<string, JsonSchema>>, more: JsonSchema = {}): JsonSchema => ({
  type: "object",
  properties,
  ...more,
});

/** A schema in short: `{a: string, *: merged}` is a struct with other fields, `<string>` a map, `[string]` a list. */
function shown(schema: Schema): string {
  switch (schema.type) {
    case "struct": {
      const fields = Object.entries(schema.fields).map(([name, { schema: inner, options }]) => {
        const value = "default" in options ? ` = ${JSON.stringify(options.default)}` : "";
        return `${name}: ${shown(inner)}${value}`;
      });
      const others = schema.otherFields === undefined ? [] : [`*: ${shown(schema.otherFields)}`];
      return `${schema.atomic === true ? "atomic " : ""}{${[...fields, ...others].join(", ")}}`;
    }
    case "map":
      return `${schema.atomic === true ? "atomic " : ""}<${shown(schema.values)}>`;
    case "list":
      return `${[schema.listType, ...(schema.mapKeys ?? [])].filter(Boolean).join(" ")}[${shown(schema.items)}]`;
    default:
      return schema.mergedByKey === true ? "merged" : schema.type;
  }
}

const cases: readonly { readonly name: string; readonly spec: JsonSchema; readonly want: string }[] = [
  {
    name: "scalars",
    spec: object({ a: text, b: { type: "boolean" }, c: { type: "integer" }, d: { type: "number" } }),
    want: "{a: string, b: bool, c: int64, d: double}",
  },
  { name: "a default", spec: object({ a: { ...text, default: "x" } }), want: '{a: string = "x"}' },
  { name: "a number or text", spec: { "x-kubernetes-int-or-string": true }, want: "merged" },
  { name: "any value", spec: { "x-kubernetes-preserve-unknown-fields": true }, want: "merged" },
  { name: "an object of any fields", spec: { type: "object" }, want: "<merged>" },
  { name: "an object without fields", spec: { type: "object", additionalProperties: false }, want: "{}" },
  { name: "a map", spec: { type: "object", additionalProperties: text }, want: "<string>" },
  {
    name: "a map that is owned as a whole",
    spec: { type: "object", additionalProperties: text, "x-kubernetes-map-type": "atomic" },
    want: "atomic <string>",
  },
  {
    name: "an object that is owned as a whole",
    spec: object({ a: text }, { "x-kubernetes-map-type": "atomic" }),
    want: "atomic {a: string}",
  },
  {
    name: "unknown fields are kept, also further below",
    spec: object({ a: object({ b: text }) }, { "x-kubernetes-preserve-unknown-fields": true }),
    want: "{a: {b: string, *: merged}, *: merged}",
  },
  { name: "a list", spec: { type: "array", items: text }, want: "[string]" },
  {
    name: "a set",
    spec: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    want: "set[string]",
  },
  {
    name: "a list of items with keys",
    spec: {
      type: "array",
      items: object({ name: text }),
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
    want: "map name[{name: string}]",
  },
];

for (const { name, spec, want } of cases) {
  test(`rules of merging: ${name}`, () => {
    const { spec: found } = mergeSchema("com.example.v1.Widget", object({ spec })).fields;
    assert.ok(found !== undefined);
    assert.equal(shown(found.schema), want);
  });
}

test("metadata is that of every object, at the root and in embedded resources", () => {
  const embedded = object({ metadata: object({ name: text }) }, { "x-kubernetes-embedded-resource": true });
  const schema = mergeSchema("com.example.v1.Widget", object({ template: embedded }));
  assert.equal(schema.fields.metadata?.schema, objectMetaSchema);
  assert.equal(schema.fields.apiVersion?.schema, t.string);
  const template = schema.fields.template?.schema;
  assert.ok(template?.type === "struct" && template.fields.metadata?.schema === objectMetaSchema);
});
