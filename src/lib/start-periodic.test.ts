import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "./clock.ts";
import { startPeriodic } from "./start-periodic.ts";

test("runs one after another until it is stopped, and waits for the run in progress", async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const thrice = Promise.withResolvers<void>();
  const periodic = startPeriodic({
    clock: systemClock,
    intervalMs: 1,
    async run() {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      runs += 1;
      if (runs === 3) thrice.resolve();
    },
  });
  // The clock's timers keep no process alive.
  const alive = setInterval(() => {}, 1_000);
  await thrice.promise;
  await periodic.stop();
  clearInterval(alive);
  const atStop = runs;
  assert.equal(running, 0);
  assert.equal(most, 1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(runs, atStop);
});
