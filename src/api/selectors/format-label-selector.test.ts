import assert from "node:assert/strict";
import { test } from "node:test";
import type { LabelSelector } from "../meta/v1/label-selector.ts";
import { formatLabelSelector } from "./format-label-selector.ts";
import { labelSelectorMatches } from "./label-selector.ts";
import { parseLabelSelector } from "./parse-label-selector.ts";
import { meetsAll } from "./requirement.ts";

const rows: [name: string, selector: LabelSelector | undefined, want: string][] = [
  ["an absent selector", undefined, ""],
  ["an empty selector", {}, ""],
  ["labels, sorted by key", { matchLabels: { tier: "front", app: "web" } }, "app=web,tier=front"],
  ["a label without a value", { matchLabels: { app: "" } }, "app="],
  [
    "every operator, values sorted",
    {
      matchLabels: { m: "1" },
      matchExpressions: [
        { key: "z", operator: "In", values: ["b", "a"] },
        { key: "a", operator: "NotIn", values: ["x"] },
        { key: "n", operator: "DoesNotExist" },
        { key: "b", operator: "Exists" },
      ],
    },
    "a notin (x),b,m=1,!n,z in (a,b)",
  ],
];
for (const [name, selector, want] of rows) {
  test(`formatLabelSelector: ${name}`, () => {
    const text = formatLabelSelector(selector);
    assert.equal(text, want);
    if (selector === undefined) return;
    const parsed = parseLabelSelector(text);
    assert(parsed.error === undefined, parsed.error);
    const labels = { app: "web", tier: "front", m: "1", b: "", z: "a" };
    assert.equal(
      meetsAll(parsed.requirements, labels),
      labelSelectorMatches(selector, labels),
      "the text means the same",
    );
  });
}
