import assert from "node:assert/strict";
import { test } from "node:test";
import type { BackOff } from "./back-off.ts";
import { nextBackOff, remainingMs, secondsText } from "./back-off.ts";

test("the wait doubles from ten seconds to five minutes", () => {
  const delays: number[] = [];
  let last: BackOff | undefined;
  for (let now = 0, tries = 0; tries < 8; tries += 1) {
    last = nextBackOff(last, now, now);
    delays.push(last.delayMs / 1000);
    now += last.delayMs;
  }
  assert.deepEqual(delays, [10, 20, 40, 80, 160, 300, 300, 300]);
});

test("after ten quiet minutes it starts over", () => {
  const last: BackOff = { delayMs: 300_000, updatedAt: 0 };
  assert.equal(nextBackOff(last, 600_000, 600_000).delayMs, 300_000);
  assert.equal(nextBackOff(last, 600_001, 600_001).delayMs, 10_000);
});

const remaining: { name: string; last: BackOff | undefined; eventAt: number; now: number; want: number }[] = [
  { name: "the first try waits for nothing", last: undefined, eventAt: 0, now: 0, want: 0 },
  {
    name: "it counts from the end of the container",
    last: { delayMs: 10_000, updatedAt: 0 },
    eventAt: 4_000,
    now: 6_000,
    want: 8_000,
  },
  { name: "over is over", last: { delayMs: 10_000, updatedAt: 0 }, eventAt: 4_000, now: 20_000, want: 0 },
  { name: "a long run forgets it", last: { delayMs: 10_000, updatedAt: 0 }, eventAt: 700_000, now: 700_001, want: 0 },
];

for (const { name, last, eventAt, now, want } of remaining) {
  test(`remainingMs: ${name}`, () => assert.equal(remainingMs(last, eventAt, now), want));
}

test("durations are printed as Go prints them", () => {
  assert.deepEqual([10_000, 80_000, 300_000].map(secondsText), ["10s", "1m20s", "5m0s"]);
});
