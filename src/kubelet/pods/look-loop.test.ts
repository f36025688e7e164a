import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { startLookLoop } from "./look-loop.ts";

/** Runs a loop over scripted answers, and gives the pauses that it took. */
async function pauses(answers: readonly (number | "done" | Error)[], isInterruption = () => false): Promise<number[]> {
  const taken: number[] = [];
  const clock: Clock = { now: () => 0, monotonicMs: () => 0, sleep: async (ms) => void taken.push(ms) };
  let looks = 0;
  const look = async () => {
    const answer = answers[looks] ?? "done";
    looks += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  await startLookLoop({ look, isInterruption, clock, log: silentLogger }).ended;
  return taken;
}

test("it looks again after the pause that the look returned, and within a minute in any case", async () => {
  assert.deepEqual(await pauses([0, 5_000, Number.POSITIVE_INFINITY, "done"]), [5_000, 60_000]);
});

test("failures pause longer and longer, until one look goes well", async () => {
  const failure = new Error("broken");
  assert.deepEqual(await pauses([failure, failure, failure, 7, failure, "done"]), [500, 1_000, 2_000, 7, 500]);
});

test("a look that was broken off is taken again at once", async () => {
  assert.deepEqual(await pauses([new Error("to end"), "done"], () => true), []);
});

test("a plan that is never done gets a pause", async () => {
  assert.deepEqual(await pauses(new Array(60).fill(0)), new Array(10).fill(500));
});

test("woken during a look, it looks again without a pause", async () => {
  let looks = 0;
  const loop = startLookLoop({
    async look() {
      looks += 1;
      if (looks === 1) loop.wake();
      return looks === 2 ? "done" : 60_000;
    },
    isInterruption: () => false,
    clock: {
      now: () => 0,
      monotonicMs: () => 0,
      sleep: (_, signal) => (signal?.aborted ? Promise.reject(signal.reason) : new Promise(() => {})),
    },
    log: silentLogger,
  });
  await loop.ended;
  assert.equal(looks, 2);
});
