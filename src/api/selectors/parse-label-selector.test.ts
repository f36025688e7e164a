import assert from "node:assert/strict";
import { test } from "node:test";
import { labelSelectorMatches, labelsInclude } from "./label-selector.ts";
import { parseLabelSelector } from "./parse-label-selector.ts";
import { meetsAll } from "./requirement.ts";

const matching: { selector: string; labels: Record<string, string>; want: boolean }[] = [
  { selector: "", labels: {}, want: true },
  { selector: "app=quote", labels: { app: "quote" }, want: true },
  { selector: "app = quote , tier==web", labels: { app: "quote", tier: "web" }, want: true },
  { selector: "app=quote", labels: {}, want: false },
  { selector: "app!=quote", labels: {}, want: true },
  { selector: "app!=quote", labels: { app: "quote" }, want: false },
  { selector: "tier in (a,b)", labels: { tier: "b" }, want: true },
  { selector: "tier in (a,b)", labels: { tier: "c" }, want: false },
  { selector: "tier notin (a,b)", labels: { tier: "c" }, want: true },
  { selector: "tier notin (a,b)", labels: {}, want: true },
  { selector: "canary", labels: { canary: "" }, want: true },
  { selector: "!canary", labels: { canary: "" }, want: false },
  { selector: "!canary,app", labels: { app: "x" }, want: true },
  { selector: "app=", labels: { app: "" }, want: true },
  { selector: "in in (in)", labels: { in: "in" }, want: true },
  { selector: "n>3", labels: { n: "10" }, want: true },
  { selector: "n<3", labels: { n: "10" }, want: false },
  { selector: "n>3", labels: { n: "x" }, want: false },
  { selector: "example.com/a in (,x)", labels: { "example.com/a": "" }, want: true },
];

for (const { selector, labels, want } of matching) {
  test(`label selector ${JSON.stringify(selector)} ${want ? "selects" : "leaves"} ${JSON.stringify(labels)}`, () => {
    const parsed = parseLabelSelector(selector);
    assert(parsed.error === undefined, parsed.error);
    assert.equal(meetsAll(parsed.requirements, labels), want);
  });
}

const refused: { selector: string; want: string }[] = [
  { selector: "a=b=c", want: "found '=', expected: ',' or 'end of string'" },
  { selector: "a,", want: "found '', expected: identifier after ','" },
  { selector: "=a", want: "found '=', expected: !, identifier, or 'end of string'" },
  { selector: "a b", want: "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt" },
  { selector: "a in b", want: "unable to parse requirement: found 'b' expected: '('" },
  { selector: "a in (b", want: "unable to parse requirement: found '', expected: ',' or ')'" },
  {
    selector: "n>x",
    want: `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
  },
  {
    selector: "app=-",
    want: `unable to parse requirement: values[0][app]: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  },
];

for (const { selector, want } of refused) {
  test(`label selector ${JSON.stringify(selector)} is refused`, () => {
    assert.equal(parseLabelSelector(selector).error, want);
  });
}

test("an absent LabelSelector selects nothing, an empty one everything", () => {
  assert.equal(labelSelectorMatches(undefined, { a: "b" }), false);
  assert.equal(labelSelectorMatches({}, undefined), true);
  const selector = {
    matchLabels: { a: "b" },
    matchExpressions: [{ key: "c", operator: "NotIn", values: ["d"] }],
  } as const;
  assert.equal(labelSelectorMatches(selector, { a: "b" }), true);
  assert.equal(labelSelectorMatches(selector, { a: "b", c: "d" }), false);
});

test("a map selector wants all of its pairs", () => {
  assert.equal(labelsInclude({ a: "b" }, { a: "b", c: "d" }), true);
  assert.equal(labelsInclude({ a: "b", c: "x" }, { a: "b", c: "d" }), false);
  assert.equal(labelsInclude({ a: "b" }, undefined), false);
});
