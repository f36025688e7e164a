import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { startExpiry } from "./expiry.ts";

/** A store with expired keys; one call deletes at most three of them. */
function start({ due = 0, failures = 0 } = {}) {
  const clock = createFakeClock(0);
  const calls: number[] = [];
  const state = { due, failures };
  const expiry = startExpiry(clock, async (nowMs) => {
    calls.push(nowMs);
    if (state.failures-- > 0) throw new Error("disk full");
    const deleted = Math.min(3, state.due);
    state.due -= deleted;
    return deleted > 0;
  });
  return { clock, calls, state, expiry };
}

const cases: readonly (readonly [name: string, options: Parameters<typeof start>[0], calls: number[]])[] = [
  ["without keys that are due, there is one call in an interval", {}, [5_000, 10_000]],
  ["calls are repeated until nothing is due", { due: 7 }, [5_000, 5_000, 5_000, 5_000, 10_000]],
  ["a call that fails is repeated in the next interval", { due: 2, failures: 1 }, [5_000, 10_000, 10_000]],
];

for (const [name, options, wanted] of cases) {
  test(`expiry: ${name}`, async () => {
    const { clock, calls, state, expiry } = start(options);
    await clock.advance(14_999);
    assert.deepEqual([calls, state.due], [wanted, 0]);
    await expiry.stop();
  });
}

test("expiry: stopped between calls, it makes no more", async () => {
  const clock = createFakeClock(0);
  const answers: (() => void)[] = [];
  const expiry = startExpiry(clock, () => new Promise((resolve) => answers.push(() => resolve(true))));
  await clock.advance(5_000);
  const stopped = expiry.stop();
  answers[0]?.();
  await stopped;
  await settle();
  assert.equal(answers.length, 1);
});
