import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { keepRunning } from "./keep-running.ts";

test("what has ended is started again, at first soon, then later and later", async () => {
  const { clock, starts, stop } = keep({ startsWell: false });
  await clock.advance(2_000);
  assert.deepEqual(starts(), [100, 300, 700, 1_500]);
  await stop();
});

test("what runs is left alone; an end is seen at once by an event", async () => {
  const { clock, starts, end, check, stop } = keep({ startsWell: true });
  await clock.advance(10_300);
  assert.deepEqual(starts(), [100]);
  end();
  check();
  await clock.advance(150);
  assert.deepEqual(starts(), [100, 10_400]);
  await stop();
});

test("an end without an event is seen by the next check", async () => {
  const { clock, starts, end, stop } = keep({ startsWell: true });
  await clock.advance(10_300);
  end();
  await clock.advance(10_000);
  assert.deepEqual(starts(), [100, 20_200]);
  await stop();
});

test("an event during a check asks for another one", async () => {
  const { clock, starts, end, check, stop } = keep({
    startsWell: true,
    onCheck: () => {
      end();
      check();
    },
  });
  await clock.advance(500);
  assert.deepEqual(starts(), [100, 300]);
  await stop();
});

for (const { name, atMs } of [
  { name: "in the pause before the first start", atMs: 50 },
  { name: "in a pause of ten seconds", atMs: 30_000 },
]) {
  test(`stop ends it at once ${name}`, async () => {
    const { clock, starts, stop } = keep({ startsWell: false });
    await clock.advance(atMs);
    const before = starts();
    await stop();
    assert.equal(clock.sleepers, 0);
    await clock.advance(60_000);
    assert.deepEqual(starts(), before);
  });
}

test("stop ends it at once between two checks", async () => {
  const { clock, starts, stop } = keep({ startsWell: true });
  await clock.advance(5_000);
  await stop();
  assert.equal(clock.sleepers, 0);
  assert.deepEqual(starts(), [100]);
});

test("stop waits for a start that is under way", async () => {
  const started = Promise.withResolvers<void>();
  const { clock, stop } = keep({ startsWell: true, started: started.promise });
  await clock.advance(300);
  let isStopped = false;
  const stopped = stop().then(() => {
    isStopped = true;
  });
  await settle();
  assert.equal(isStopped, false);
  started.resolve();
  await stopped;
});

/**
 * Something that does not run yet. The clock stands still meanwhile: what ends without it has not waited.
 *
 * @param onCheck - Called once, after the first check that has found it running.
 */
function keep({
  startsWell,
  started = Promise.resolve(),
  onCheck = () => {},
}: {
  startsWell: boolean;
  started?: Promise<void>;
  onCheck?: () => void;
}) {
  const clock = createFakeClock(0);
  const stopping = new AbortController();
  const starts: number[] = [];
  let runs = false;
  let belongings = 0;
  let checks = 0;
  const kept = keepRunning({
    isRunning: async () => {
      const found = runs;
      if (found && checks++ === 0) onCheck();
      return found;
    },
    onEnd: async () => {
      belongings = 0;
    },
    start: async () => {
      assert.equal(belongings, 0, "what belonged to the last one is gone before the next one starts");
      belongings = 1;
      starts.push(clock.now());
      await started;
      runs = startsWell;
    },
    clock,
    stopping: stopping.signal,
  });
  return {
    clock,
    starts: () => [...starts],
    check: kept.check,
    end: () => {
      runs = false;
    },
    stop: () => {
      stopping.abort();
      return kept.stopped;
    },
  };
}
