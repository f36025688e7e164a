import assert from "node:assert/strict";
import { test } from "node:test";
import { ageOf, humanDuration } from "./human-duration.ts";

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

const cases: [durationMs: number, want: string][] = [
  [-2 * S, "<invalid>"],
  [-1 * S, "0s"],
  [0, "0s"],
  [119 * S, "119s"],
  [2 * M, "2m"],
  [3 * M + 7 * S, "3m7s"],
  [10 * M + 7 * S, "10m"],
  [179 * M, "179m"],
  [3 * H, "3h"],
  [7 * H + 59 * M, "7h59m"],
  [8 * H + 59 * M, "8h"],
  [47 * H, "47h"],
  [2 * D + 4 * H, "2d4h"],
  [8 * D + 4 * H, "8d"],
  [729 * D, "729d"],
  [730 * D, "2y"],
  [731 * D, "2y1d"],
  [10 * 365 * D + D, "10y"],
];

for (const [durationMs, want] of cases) {
  test(`${durationMs} ms are ${want}`, () => assert.equal(humanDuration(durationMs), want));
}

test("an age is counted from the timestamp", () => {
  assert.equal(ageOf("2026-01-01T00:00:00Z", Date.UTC(2026, 0, 1, 0, 5)), "5m");
  assert.equal(ageOf(undefined, 0), "<unknown>");
});
