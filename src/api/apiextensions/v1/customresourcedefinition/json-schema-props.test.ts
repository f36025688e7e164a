import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { upstreamData } from "@fairlead/lib/upstream-data.testing";
import { parseAllDocuments } from "yaml";
import { decodeValue } from "../../../codec/decode.ts";
import { encodeValue } from "../../../codec/encode-value.ts";
import { deepEqual } from "../../../deep-equal.ts";
import { isJsonObject } from "../../../patch/json-object.ts";
import type { JsonSchema } from "../../../structural/json-schema.ts";
import { structuralProblems } from "../../../structural/structural-problems.ts";
import { customResourceDefinitionSchema } from "./customresourcedefinition-schema.ts";
import { jsonSchemaPropsSchema } from "./json-schema-props.ts";

const rows: readonly { readonly name: string; readonly json: object; readonly want: object | string }[] = [
  { name: "a schema in a schema", json: { properties: { a: { not: { type: "null" } } } }, want: "same" },
  { name: "items by one schema", json: { items: { type: "string", maxLength: 0 } }, want: "same" },
  { name: "items by several", json: { items: [{ type: "string" }, {}] }, want: "same" },
  { name: "items that are neither", json: { items: 5 }, want: {} },
  { name: "other fields by a schema", json: { additionalProperties: { type: "integer" } }, want: "same" },
  { name: "other fields allowed", json: { additionalProperties: true }, want: "same" },
  { name: "other fields forbidden", json: { additionalProperties: false }, want: "same" },
  { name: "other fields by text", json: { additionalProperties: "no" }, want: "boolean or JSON schema expected" },
  { name: "dependencies", json: { dependencies: { a: ["b"], c: { type: "object" } } }, want: "same" },
  {
    name: "defaults of any type",
    json: { default: false, enum: [null, 0, "", { a: [] }], example: 1.5 },
    want: "same",
  },
  {
    name: "an unknown field in items",
    json: { items: { type: "string", color: 1 } },
    want: { items: { type: "string" } },
  },
  {
    name: "a wrong type in items",
    json: { items: { type: 1 } },
    want: "json: cannot unmarshal number into Go struct field JSONSchemaProps.type of type string",
  },
  { name: "zero values of pointers", json: { maxLength: 0, minimum: 0, "x-kubernetes-list-type": "" }, want: "same" },
];

for (const { name, json, want } of rows) {
  test(`a JSON schema is read: ${name}`, () => {
    const decoded = decodeValue(jsonSchemaPropsSchema, json);
    if (typeof want === "string" && want !== "same") assert.deepEqual(decoded, { error: want });
    else {
      assert.ok("value" in decoded);
      assert.deepEqual(decoded.unknownFields, []);
      assert.deepEqual(JSON.parse(encodeValue(jsonSchemaPropsSchema, decoded.value)), want === "same" ? json : want);
    }
  });
}

test("an unknown field outside of items is reported with its path", () => {
  const decoded = decodeValue(jsonSchemaPropsSchema, { properties: { a: { color: 1 } } });
  assert.ok("value" in decoded);
  assert.deepEqual(decoded.unknownFields, ["properties.a.color"]);
});

const { folder, skip } = upstreamData("CORPUS");

test("CustomResourceDefinitions that people apply are read whole, and their schemas are structural", { skip }, () => {
  const definitions = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .flatMap((name) => parseAllDocuments(readFileSync(path.join(folder, name), "utf8")))
    .map((document): unknown => document.toJS())
    .filter((value) => isJsonObject(value) && value.kind === "CustomResourceDefinition");
  assert.ok(definitions.length > 20);
  for (const definition of definitions) {
    const decoded = decodeValue(customResourceDefinitionSchema, definition);
    assert.ok("value" in decoded, JSON.stringify(decoded));
    assert.deepEqual(decoded.unknownFields, []);
    const text = encodeValue(customResourceDefinitionSchema, decoded.value);
    const again = decodeValue(customResourceDefinitionSchema, JSON.parse(text));
    assert.ok("value" in again && deepEqual(again.value, decoded.value));
    assert.deepEqual(schemasOf(JSON.parse(text)), schemasOf(definition).map(withoutEmpty));
    for (const schema of schemasOf(JSON.parse(text)))
      assert.deepEqual(
        structuralProblems(schema, "", () => undefined),
        [],
      );
  }
});

/** The schemas of a definition's versions. */
function schemasOf(definition: unknown): readonly JsonSchema[] {
  const { spec } = definition as { spec: { versions: { schema: { openAPIV3Schema: JsonSchema } }[] } };
  return spec.versions.map(({ schema }) => schema.openAPIV3Schema);
}

/** Leaves out empty texts, as upstream does; an empty default says something. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name, inner]) => inner !== "" || name === "default");
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutEmpty(inner)]));
}
