import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigurationStateStatus } from "../kinds/configuration-state.ts";
import { planConfigurationState } from "./plan.ts";

const FIRST = "2026-01-31T12:00:00Z";
const LATER = "2026-01-31T12:05:00Z";

const state = (isValid: boolean, message: string, time: string): ConfigurationStateStatus => ({
  result: isValid ? "Valid" : "Invalid",
  errorSummary: message,
  conditions: [
    {
      type: "poolReconcilerValid",
      status: isValid ? "True" : "False",
      reason: isValid ? "Reconciled" : "ConfigurationError",
      message,
      lastTransitionTime: time,
    },
  ],
});

const cases: { name: string; problems: [string, string][]; before?: ConfigurationStateStatus; want: unknown }[] = [
  { name: "no pool is wrong", problems: [], want: state(true, "", LATER) },
  {
    name: "still none is wrong",
    problems: [],
    before: state(true, "", FIRST),
    want: state(true, "", FIRST),
  },
  {
    name: "two are wrong",
    problems: [
      ["a", "no"],
      ["b", "neither"],
    ],
    before: state(true, "", FIRST),
    want: state(false, "configuration error: no\nneither", LATER),
  },
  {
    name: "another one is wrong now",
    problems: [["b", "neither"]],
    before: state(false, "configuration error: no", FIRST),
    want: state(false, "configuration error: neither", FIRST),
  },
  {
    name: "it is right again",
    problems: [],
    before: state(false, "configuration error: no", FIRST),
    want: state(true, "", LATER),
  },
];

for (const { name, problems, before, want } of cases) {
  test(`planConfigurationState: ${name}`, () => {
    assert.deepEqual(planConfigurationState(new Map(problems), { before, now: LATER }), want);
  });
}

test("planConfigurationState: a message is no longer than a condition's may be", () => {
  const problems = new Map(Array.from({ length: 1_000 }, (_, at) => [`p${at}`, "x".repeat(100)]));
  const { conditions } = planConfigurationState(problems, { before: undefined, now: FIRST });
  assert.equal(conditions?.[0]?.message.length, 32_768);
});
