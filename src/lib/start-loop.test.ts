import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { createFakeClock, settle } from "./clock.testing.ts";
import { type LoopOptions, startLoop } from "./start-loop.ts";

/** A loop whose turns the test ends, with pauses of a second. */
function start(t: TestContext, options: Partial<LoopOptions> = {}) {
  const clock = createFakeClock();
  const signals: AbortSignal[] = [];
  let current = Promise.withResolvers<number | "done">();
  const loop = startLoop({
    clock,
    turn(signal) {
      signals.push(signal);
      current = Promise.withResolvers();
      return current.promise;
    },
    ...options,
  });
  const endTurn = async (next: number | "done" = 1_000) => {
    current.resolve(next);
    await settle();
  };
  t.after(async () => {
    const stopped = loop.stop();
    current.resolve(0);
    await stopped;
  });
  return { clock, loop, signals, endTurn, turns: () => signals.length };
}

test("a turn begins a pause after the one before has ended", async (t) => {
  const { clock, endTurn, turns } = start(t);
  assert.equal(turns(), 1, "it waits for nothing");
  await clock.advance(10_000);
  assert.equal(turns(), 1, "the first one is still taking its time");
  await endTurn();
  await clock.advance(999);
  assert.equal(turns(), 1);
  await clock.advance(1);
  assert.equal(turns(), 2);
});

test("a loop that is woken ends its pause, or leaves out the next one", async (t) => {
  const { loop, endTurn, turns } = start(t);
  await settle();
  await endTurn();
  loop.wake();
  await settle();
  assert.equal(turns(), 2);
  loop.wake();
  await endTurn();
  assert.equal(turns(), 3);
  await endTurn();
  assert.equal(turns(), 3, "it was woken once");
});

test("a loop that is stopped waits for the turn in progress, whose signal it aborts", async (t) => {
  const { loop, endTurn, signals } = start(t);
  await settle();
  let isStopped = false;
  const stopped = loop.stop().then(() => (isStopped = true));
  await settle();
  assert.deepEqual([signals[0]?.aborted, isStopped], [true, false]);
  await endTurn();
  await stopped;
  assert.equal(signals.length, 1);
});

test("a turn that asks for no pause is followed at once by the next one", async (t) => {
  const { clock, endTurn, turns } = start(t);
  await endTurn(0);
  assert.deepEqual([turns(), clock.sleepers], [2, 0]);
});

test("a loop ends with the turn that says so", async (t) => {
  const { clock, loop, endTurn, turns } = start(t);
  await endTurn("done");
  await loop.ended;
  loop.wake();
  await clock.advance(10_000);
  assert.equal(turns(), 1);
});

test("the first turn waits until it may begin, and then for its pause", async (t) => {
  const ready = Promise.withResolvers<void>();
  const { clock, turns } = start(t, { ready: ready.promise, firstPauseMs: 500 });
  await clock.advance(10_000);
  assert.equal(turns(), 0);
  ready.resolve();
  await settle();
  await clock.advance(499);
  assert.equal(turns(), 0);
  await clock.advance(1);
  assert.equal(turns(), 1);
});

for (const { name, ready } of [
  { name: "that never is ready", ready: () => new Promise(() => {}) },
  { name: "whose beginning failed", ready: () => Promise.reject(new Error("stopped")) },
]) {
  test(`a loop ${name} takes no turn, and can be stopped`, async (t) => {
    const { loop, turns } = start(t, { ready: ready() });
    await settle();
    await loop.stop();
    assert.equal(turns(), 0);
  });
}
