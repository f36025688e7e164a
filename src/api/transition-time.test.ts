import assert from "node:assert/strict";
import { test } from "node:test";
import { transitionTime } from "./transition-time.ts";

const EARLIER = "2026-01-01T00:00:00Z";
const NOW = "2026-01-02T00:00:00Z";

const cases = [
  { name: "a first condition turns now", before: undefined, want: NOW },
  { name: "another status turns now", before: { status: "False", lastTransitionTime: EARLIER }, want: NOW },
  { name: "the same status keeps its time", before: { status: "True", lastTransitionTime: EARLIER }, want: EARLIER },
  { name: "the same status without a time gets one", before: { status: "True" }, want: NOW },
];

for (const { name, before, want } of cases) {
  test(`transitionTime: ${name}`, () => assert.equal(transitionTime(before, "True", NOW), want));
}
