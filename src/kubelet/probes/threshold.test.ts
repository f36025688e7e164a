import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProbeResult } from "./probe-results.ts";
import type { ProbeTally } from "./threshold.ts";
import { tally } from "./threshold.ts";

const cases: { name: string; results: string; thresholds: [success: number, failure: number]; want: string }[] = [
  { name: "one success is enough", results: "s", thresholds: [1, 3], want: "s" },
  { name: "failures count from the threshold on", results: "fff", thresholds: [1, 3], want: "--f" },
  { name: "a success in between starts over", results: "sffsff", thresholds: [1, 3], want: "ssssss" },
  { name: "back only after enough successes", results: "ffss", thresholds: [2, 2], want: "-ffs" },
];

for (const { name, results, thresholds, want } of cases) {
  test(`tally: ${name}`, () => {
    let now: ProbeTally = { settled: undefined, last: undefined, inARow: 0 };
    const seen = [...results].map((letter) => {
      const result: ProbeResult = letter === "s" ? "success" : "failure";
      now = tally(now, result, { successThreshold: thresholds[0], failureThreshold: thresholds[1] });
      return now.settled?.[0] ?? "-";
    });
    assert.equal(seen.join(""), want);
  });
}
