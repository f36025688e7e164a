import assert from "node:assert/strict";
import { test } from "node:test";
import { failureSummary } from "./failure-summary.ts";
import type { Failure } from "./run-check.ts";

const long = Array.from({ length: 1_000 }, (_, index) => `line ${index}`).join("\n");

const cases: readonly { readonly name: string; readonly failed: readonly Failure[]; readonly want: string }[] = [
  {
    name: "a program whose output is just above",
    failed: [{ label: "Types: types" }],
    want: "\nFailed\n  Types: types",
  },
  {
    name: "tests: what passed is not repeated",
    failed: [{ label: "Fast tests: a.test.ts", printed: "✔ one\n✖ two\n\n✖ failing tests:\n\n✖ two\n  Error: no\n" }],
    want: "\n## Fast tests: a.test.ts: failed\n✖ failing tests:\n\n✖ two\n  Error: no\n\nFailed\n  Fast tests: a.test.ts",
  },
  {
    name: "a program that ended without a list of tests: its last lines",
    failed: [{ label: "a", printed: `${long}\n` }],
    want: `\n## a: failed\n${long.slice(long.indexOf("line 800"))}\n\nFailed\n  a`,
  },
  {
    name: "several",
    failed: [{ label: "a" }, { label: "b", printed: "killed" }],
    want: "\n## b: failed\nkilled\n\nFailed\n  a\n  b",
  },
];

for (const { name, failed, want } of cases) {
  test(`the summary of failures: ${name}`, () => assert.equal(failureSummary(failed), want));
}
