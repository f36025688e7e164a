import assert from "node:assert/strict";
import { before, test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { decodeObject } from "@fairlead/api/codec/decode-object";
import { encodeObject } from "@fairlead/api/codec/encode";
import type { Kind } from "@fairlead/api/kind";
import { builtinKinds } from "@fairlead/api/kinds";
import type { Schema } from "@fairlead/api/schema";
import { decodeBody } from "./body.ts";
import { loadYamlParser } from "./parse-yaml.ts";

before(loadYamlParser);

const FORMATS = { json: "application/json", yaml: "application/yaml" } as const;
type Format = keyof typeof FORMATS;

/** The object of a body, written back, or the end of the refusal. */
function roundTrip(kind: Kind, format: Format, text: string): string {
  const request = {
    method: "POST" as const,
    path: "/",
    headers: { "content-type": FORMATS[format] },
    body: Buffer.from(text),
  };
  const { value, duplicates } = decodeBody(request, kind);
  const decoded = decodeObject(kind, value, { fieldValidation: "Strict", duplicates });
  return decoded.error === undefined ? encodeObject(kind, decoded.object) : decoded.error.message;
}

const MAX = "9223372036854775807";
const MIN = "-9223372036854775808";
const int64s = (number: string) =>
  `number ${number} into Go struct field PodSpec.spec.template.spec.terminationGracePeriodSeconds of type int64`;
const int32s = (number: string) => `number ${number} into Go struct field DeploymentSpec.spec.replicas of type int32`;

/** What is read of a number in JSON and in YAML, where they differ; a refusal is named by its end. */
const rows: readonly { readonly number: string; readonly json: string; readonly yaml?: string }[] = [
  { number: "30", json: "30" },
  { number: "0", json: "0" },
  { number: "-0", json: "0" },
  { number: "-1", json: "-1" },
  { number: "9007199254740991", json: "9007199254740991" },
  { number: "9007199254740992", json: "9007199254740992" },
  { number: "9007199254740993", json: "9007199254740993" },
  { number: MAX, json: MAX },
  { number: MIN, json: MIN },
  { number: "9223372036854775808", json: int64s("9223372036854775808") },
  { number: "-9223372036854775809", json: int64s("-9223372036854775809") },
  { number: "18446744073709551616", json: int64s("18446744073709551616") },
  { number: "1.5", json: int64s("1.5") },
  { number: "1.0", json: int64s("1.0"), yaml: "1" },
  { number: "1e3", json: int64s("1e3"), yaml: "1000" },
  { number: "1E+3", json: int64s("1E+3"), yaml: "1000" },
  { number: "9007199254740993.0", json: int64s("9007199254740993.0"), yaml: "9007199254740992" },
  { number: "1e22", json: int64s("1e22"), yaml: int64s("1e+22") },
  {
    number: '"5"',
    json: "string into Go struct field PodSpec.spec.template.spec.terminationGracePeriodSeconds of type int64",
  },
];
for (const { number, json, yaml = json } of rows) {
  for (const [format, body, want] of [
    ["json", `{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":${number}}}}}`, json],
    ["yaml", `{"spec":{"template":{"spec":{"terminationGracePeriodSeconds": ${number}}}}}`, yaml],
    ["yaml", `spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: ${number}\n`, yaml],
  ] as const) {
    test(`a body in ${format}, ${body.startsWith("{") ? "with" : "without"} braces: an int64 of ${number}`, () => {
      const got = roundTrip(deploymentKind, format, body);
      const read = /"terminationGracePeriodSeconds":(-?\d+)/.exec(got)?.[1] ?? got;
      assert.ok(read === want || read.endsWith(`json: cannot unmarshal ${want}`), `${read}, not ${want}`);
    });
  }
}

const small: readonly { readonly number: string; readonly json: string; readonly yaml?: string }[] = [
  { number: "2147483647", json: "2147483647" },
  { number: "-2147483648", json: "-2147483648" },
  { number: "2147483648", json: int32s("2147483648") },
  { number: "-2147483649", json: int32s("-2147483649") },
  { number: "9007199254740993", json: int32s("9007199254740993") },
  { number: "99999999999999999999", json: int32s("99999999999999999999") },
  { number: "1.0", json: int32s("1.0"), yaml: "1" },
];
for (const { number, json, yaml = json } of small) {
  for (const [format, want] of [
    ["json", json],
    ["yaml", yaml],
  ] as const) {
    test(`a body in ${format}: an int32 of ${number}`, () => {
      const got = roundTrip(deploymentKind, format, `{"spec":{"replicas": ${number}}}`);
      const read = /"replicas":(-?\d+)/.exec(got)?.[1] ?? got;
      assert.ok(read === want || read.endsWith(`json: cannot unmarshal ${want}`), `${read}, not ${want}`);
    });
  }
}

const others: readonly { readonly field: string; readonly json: string; readonly want: RegExp }[] = [
  {
    field: "a number or percentage beyond int32",
    json: '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":2147483648}}}}',
    want: /json: cannot unmarshal number 2147483648 into Go value of type int32$/,
  },
  {
    field: "a number or percentage with a fraction of zero",
    json: '{"spec":{"strategy":{"rollingUpdate":{"maxSurge":1.0}}}}',
    want: /json: cannot unmarshal number 1\.0 into Go value of type int32$/,
  },
  {
    field: "a quantity that is a large number",
    json: '{"spec":{"template":{"spec":{"overhead":{"memory":9007199254740993}}}}}',
    want: /"overhead":\{"memory":"9007199254740993"\}/,
  },
  {
    field: "a quantity with an exponent",
    json: '{"spec":{"template":{"spec":{"overhead":{"memory":1e3}}}}}',
    want: /"overhead":\{"memory":"1e3"\}/,
  },
  {
    field: "a struct that is a number in no usual notation",
    json: '{"spec":1.0}',
    want: /json: cannot unmarshal number into Go struct field Deployment\.spec of type v1\.DeploymentSpec$/,
  },
  {
    field: "a text that is a large number",
    json: `{"metadata":{"labels":{"a":${MAX}}}}`,
    want: /json: cannot unmarshal number into Go struct field ObjectMeta\.metadata\.labels of type string$/,
  },
  {
    field: "a value of any shape",
    json: `{"metadata":{"managedFields":[{"fieldsV1":{"f:x":{"a":${MAX},"b":[${MIN},99999999999999999999]}}}]}}`,
    want: /\{"a":9223372036854775807,"b":\[-9223372036854775808,99999999999999999999\]\}/,
  },
];
for (const { field, json, want } of others) {
  test(`a body: ${field}`, () => assert.match(roundTrip(deploymentKind, "json", json), want));
}

/** JSON objects that have nothing but one int64, for each of a schema. A type inside itself is not entered again. */
function* int64sOf(schema: Schema, digits: string, entered: readonly Schema[] = []): Generator<string> {
  if (schema.type === "int64") yield digits;
  if (entered.includes(schema)) return;
  const inside = [...entered, schema];
  if (schema.type === "list") for (const item of int64sOf(schema.items, digits, inside)) yield `[${item}]`;
  if (schema.type === "map") for (const value of int64sOf(schema.values, digits, inside)) yield `{"k":${value}}`;
  if (schema.type !== "struct") return;
  for (const [name, field] of Object.entries(schema.fields)) {
    for (const value of int64sOf(field.schema, digits, inside)) yield `{"${name}":${value}}`;
  }
}

for (const kind of builtinKinds) {
  test(`${kind.kind} of ${kind.group || "core"}: every int64 keeps 64 bits in JSON and in YAML`, () => {
    for (const digits of [MAX, MIN, "9007199254740993"]) {
      const bodies = [...int64sOf(kind.schema, digits)];
      assert.ok(bodies.length > 0, "metadata has some");
      for (const body of bodies) {
        for (const format of ["json", "yaml"] as const) {
          const text = roundTrip(kind, format, format === "json" ? body : `\n${body.replaceAll(":", ": ")}`);
          assert.match(text, new RegExp(`[:[]${digits}[,\\]}]`), `${format}: ${body}`);
        }
      }
    }
  });
}
