import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { createWakeUp } from "./wake-up.ts";

test("a wait ends at its time", async () => {
  const clock = createFakeClock(0);
  const wakeUp = createWakeUp(clock);
  const waiting = wakeUp.wait(1_000);
  assert.equal(wakeUp.isWaiting, true);
  await clock.advance(1_000);
  await waiting;
  assert.equal(wakeUp.isWaiting, false);
  assert.equal(clock.sleepers, 0);
});

test("a wake-up while nobody waits ends the next wait", async () => {
  const wakeUp = createWakeUp(createFakeClock());
  wakeUp.wake();
  await wakeUp.wait(Number.POSITIVE_INFINITY);
});

test("many waits share one timer, and an earlier time replaces it", async () => {
  const clock = createFakeClock(0);
  const wakeUp = createWakeUp(clock);
  for (let i = 0; i < 10; i++) {
    const waiting = wakeUp.wait(60_000 + i);
    wakeUp.wake();
    await waiting;
  }
  assert.equal(clock.sleepers, 1);
  const waiting = wakeUp.wait(500);
  await settle();
  assert.equal(clock.sleepers, 1);
  await clock.advance(500);
  await waiting;
  wakeUp.stop();
  assert.equal(clock.sleepers, 0);
});

test("nothing is left after a stop", async () => {
  const clock = createFakeClock(0);
  const wakeUp = createWakeUp(clock);
  const waiting = wakeUp.wait(60_000);
  wakeUp.wake();
  await waiting;
  wakeUp.stop();
  await settle();
  assert.equal(clock.sleepers, 0);
});
