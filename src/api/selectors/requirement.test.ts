import assert from "node:assert/strict";
import { test } from "node:test";
import { meetsRequirement, type RequirementOperator } from "./requirement.ts";

const cases: { operator: RequirementOperator; values?: string[]; has: readonly string[]; not: readonly string[] }[] = [
  { operator: "In", values: ["1", "2"], has: ["1", "2"], not: ["3", "none"] },
  { operator: "NotIn", values: ["1", "2"], has: ["3", "none"], not: ["1", "2"] },
  { operator: "Exists", has: ["1", ""], not: ["none"] },
  { operator: "DoesNotExist", has: ["none"], not: ["1", ""] },
  { operator: "Gt", values: ["9"], has: ["10", "9007199254740993"], not: ["9", "8", "-10", "x", "", "none"] },
  { operator: "Gt", values: ["9007199254740992"], has: ["9007199254740993"], not: ["9007199254740992"] },
  { operator: "Gt", values: ["-2"], has: ["-1", "0"], not: ["-2"] },
  { operator: "Lt", values: ["+9"], has: ["8", "-10"], not: ["9", "10", "x", "none"] },
  { operator: "Lt", values: ["x"], has: [], not: ["1", "x"] },
];

for (const { operator, values = [], has, not } of cases) {
  for (const [value, want] of [...has.map((v) => [v, true] as const), ...not.map((v) => [v, false] as const)]) {
    test(`a label with ${JSON.stringify(value)} ${want ? "meets" : "does not meet"} ${operator} ${values}`, () => {
      const labels: Record<string, string> = value === "none" ? {} : { tier: value };
      assert.equal(meetsRequirement({ key: "tier", operator, values }, labels), want);
    });
  }
}
