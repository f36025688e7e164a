import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonSchema, ValidationRule } from "../../../structural/json-schema.ts";
import { expressionProblems } from "./expression-problems.ts";

const ADVICE =
  "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";

function problems(schema: JsonSchema, more: Partial<Parameters<typeof expressionProblems>[2]> = {}): readonly string[] {
  return expressionProblems(schema, "s", { problems: [], allowsCostly: false, ...more }).map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

function object(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: "object", properties };
}

function list(items: JsonSchema, more: JsonSchema = {}): JsonSchema {
  return { type: "array", items, ...more };
}

const RULES = "x-kubernetes-validations";
const ofText = (rule: ValidationRule): JsonSchema => ({ type: "string", [RULES]: [rule] });
const kept: JsonSchema = { type: "integer", [RULES]: [{ rule: "self == oldSelf" }] };
const costly = list({ type: "integer" }, { [RULES]: [{ rule: "self.all(a, self.all(b, a == b))" }] });

const CASES: readonly { readonly name: string; readonly schema: JsonSchema; readonly wrong: readonly string[] }[] = [
  { name: "rules that fit", schema: object({ a: ofText({ rule: "size(self) < 5" }) }), wrong: [] },
  {
    name: "an expression that does not compile",
    schema: object({ a: ofText({ rule: "self < 5", message: "m" }) }),
    wrong: [
      's.properties[a].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self \\u003c 5","Message":"m","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:6: found no matching overload for \'_<_\' applied to \'(string, int)\'\n | self < 5\n | .....^',
    ],
  },
  {
    name: "a message that does not compile",
    schema: object({ a: ofText({ rule: "true", messageExpression: "1" }) }),
    wrong: [
      's.properties[a].x-kubernetes-validations[0].messageExpression: Invalid value: {"Rule":"true","Message":"","MessageExpression":"1","Reason":null,"FieldPath":"","OptionalOldSelf":null}: messageExpression must evaluate to a string',
    ],
  },
  {
    name: "the square of a list without a bound",
    schema: object({ a: costly }),
    wrong: [
      `s.properties[a].x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${ADVICE}`,
      "s.properties[a].x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
      `s: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${ADVICE}`,
    ],
  },
  { name: "the square of a short list", schema: object({ a: { ...costly, maxItems: 10 } }), wrong: [] },
  {
    name: "a rule for each item of a list without a bound",
    schema: object({ a: list(ofText({ rule: "self.contains('abcdefghijk')" })) }),
    wrong: [
      `s.properties[a].items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${ADVICE}`,
      "s.properties[a].items.x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
      `s: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${ADVICE}`,
    ],
  },
  {
    name: "one that exceeds the budget by little",
    schema: object({
      a: list({ type: "integer", [RULES]: [{ rule: "self > 1" }] }, { maxItems: 5_100_000 }),
    }),
    wrong: [
      `s.properties[a].items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of 1.020000x ${ADVICE}`,
    ],
  },
  {
    name: "a value before in a list whose items are known by nothing",
    schema: object({ a: list(object({ b: kept })), c: list(kept, { "x-kubernetes-list-type": "set" }) }),
    wrong: [
      's.properties[a].items.properties[b].x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[a]',
      's.properties[c].items.x-kubernetes-validations[0].rule: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[c]',
    ],
  },
  {
    name: "a value before in a list of type map",
    schema: object({
      a: list(object({ k: { type: "string", maxLength: 9 }, b: kept }), {
        maxItems: 9,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k"],
      }),
    }),
    wrong: [],
  },
  {
    name: "an optional value before that is not used",
    schema: object({ a: ofText({ rule: "self != ''", optionalOldSelf: true }) }),
    wrong: [
      "s.properties[a].x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule",
    ],
  },
  {
    name: "a value that expressions do not see",
    schema: object({ a: { "x-kubernetes-preserve-unknown-fields": true, [RULES]: [{ rule: "true" }] } }),
    wrong: [
      "s.properties[a].x-kubernetes-validations: Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations",
    ],
  },
];

for (const { name, schema, wrong } of CASES) {
  test(`expressions of a schema: ${name}`, () => assert.deepEqual(problems(schema), wrong));
}

test("what was stored may cost more, and parts with other problems are not compiled", () => {
  const schema = object({ a: costly, b: ofText({ rule: "self < 5" }) });
  const found = problems(schema, {
    allowsCostly: true,
    problems: [{ path: "s.properties[b].format", reason: "FieldValueInvalid", message: "" }],
  });
  assert.deepEqual(
    found.map((text) => text.split(": ")[0]),
    ["s.properties[a].x-kubernetes-validations[0].rule", "s"],
  );
});
