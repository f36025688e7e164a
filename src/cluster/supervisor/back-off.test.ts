import assert from "node:assert/strict";
import { test } from "node:test";
import { backOff } from "./back-off.ts";

const cases: { name: string; ranForMs: number[]; want: number[] }[] = [
  {
    name: "waits twice as long each time, 10 s at most",
    ranForMs: Array.from({ length: 9 }, () => 5),
    want: [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000],
  },
  { name: "starts again after a good run", ranForMs: [5, 5, 10_000, 5], want: [100, 200, 100, 200] },
  { name: "goes on after a run that was almost good", ranForMs: [5, 9_999], want: [100, 200] },
];
for (const { name, ranForMs, want } of cases) {
  test(`backOff ${name}`, () => {
    const delays = backOff();
    assert.deepEqual(
      ranForMs.map((ms) => delays.next(ms)),
      want,
    );
  });
}
