import assert from "node:assert/strict";
import { test } from "node:test";
import { checkRules, OBJECT_COST_MAX } from "./check-rules.ts";
import { compileRule } from "./compile-rule.ts";
import { compileRules, type RuleNode } from "./compile-rules.ts";
import { escapedName } from "./escape-name.ts";
import { CASE_SCHEMA, CASE_VALUE, TRUE_RULES, WRONG_RULES } from "./rule-cases.testing.ts";
import { RULE_FINDINGS } from "./rule-findings.testing.ts";
import { sizedType } from "./sized-type.ts";

const ROOT = sizedType(CASE_SCHEMA, true);

function nodeOf(schema: Parameters<typeof compileRules>[0]): RuleNode {
  const node = compileRules(schema, true);
  assert(node !== undefined);
  return node;
}

for (const [rule, cost, maxCost] of TRUE_RULES) {
  test(`a rule that holds: ${rule}`, () => {
    const node = nodeOf({ ...CASE_SCHEMA, "x-kubernetes-validations": [{ rule }] });
    assert.equal(node.rules[0]?.program?.maxCost, maxCost);
    const { errors, budgetLeft } = checkRules(node, { value: CASE_VALUE });
    assert.deepEqual(errors, []);
    assert.equal(OBJECT_COST_MAX - budgetLeft, cost);
  });
}

for (const [rule, error] of WRONG_RULES) {
  test(`a rule that does not compile: ${rule}`, () => {
    assert(ROOT !== undefined);
    const compiled = compileRule({ rule }, CASE_SCHEMA, ROOT);
    assert.equal(compiled.error, `compilation failed: ERROR: <input>:${error}`);
  });
}

for (const { title, schema, value, previous, errors, warnings = [] } of RULE_FINDINGS) {
  test(`rules: ${title}`, () => {
    const found = checkRules(nodeOf(schema), { value, previous, ratchets: previous !== undefined });
    const texts = (list: typeof found.errors) => list.map(({ path, message }) => `${path}: ${message}`);
    assert.deepEqual(texts(found.errors), errors);
    assert.deepEqual(texts(found.warnings), warnings);
  });
}

test("a rule of the wrong type is refused", () => {
  assert(ROOT !== undefined);
  const compiled = compileRule({ rule: "self.name", messageExpression: "1" }, CASE_SCHEMA, ROOT);
  assert.equal(compiled.error, "cel expression must evaluate to a bool");
  const { messageError } = compileRule({ rule: "true", messageExpression: "1" }, CASE_SCHEMA, ROOT);
  assert.equal(messageError, "messageExpression must evaluate to a string");
});

test("an expression that nests without end is refused", () => {
  assert(ROOT !== undefined);
  const texts = ["(".repeat(50_000), "[".repeat(50_000), `${"!".repeat(50_000)}true`, "-".repeat(50_000)];
  for (const text of [...texts, `1${" + 1".repeat(20_000)} > 0`, "a".repeat(100_001)]) {
    assert.match(compileRule({ rule: text }, CASE_SCHEMA, ROOT).error ?? "fine", /^compilation failed|^fine$/);
  }
  const doubling = `optional.of(1)${".optMap(x, x)".repeat(100)}.hasValue()`;
  assert.match(compileRule({ rule: doubling }, CASE_SCHEMA, ROOT).error ?? "", /too large|too deep|max recursion/);
  const long = `true${" && true".repeat(10_000)}`;
  assert.equal(compileRule({ rule: long }, CASE_SCHEMA, ROOT).error, undefined);
});

const NAMES = [
  ["plain", "plain"],
  ["a.b", "a__dot__b"],
  ["a-b/c", "a__dash__b__slash__c"],
  ["a__b", "a__underscores__b"],
  ["namespace", "__namespace__"],
  ["1a", undefined],
  ["a b", undefined],
] as const;

for (const [name, escaped] of NAMES) {
  test(`the name of ${name} in expressions`, () => assert.equal(escapedName(name), escaped));
}
