import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "./clock.ts";
import { TIMER_MAX_MS } from "./long-timer.ts";

test("the system's clock sleeps, and wakes with the reason of the abort", async () => {
  const before = systemClock.now();
  await Promise.all([systemClock.sleep(5), new Promise((resolve) => setTimeout(resolve, 10))]);
  assert.ok(systemClock.now() - before >= 4);
  const abort = new AbortController();
  const slept = systemClock.sleep(60_000, abort.signal);
  abort.abort(new Error("enough"));
  await assert.rejects(slept, /enough/);
  await assert.rejects(systemClock.sleep(1, abort.signal), /enough/);
});

test("the system's clock sleeps longer than one of Node's timers can", async () => {
  // Node makes 1 ms of a longer timer.
  for (const durationMs of [TIMER_MAX_MS + 1, 9_223_372_036_000]) {
    const abort = new AbortController();
    const slept = systemClock.sleep(durationMs, abort.signal).then(() => "awake");
    assert.equal(await Promise.race([slept, systemClock.sleep(20).then(() => "asleep")]), "asleep");
    abort.abort(new Error("enough"));
    await assert.rejects(slept, /enough/);
  }
});
