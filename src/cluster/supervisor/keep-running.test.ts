import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock, settle } from "../../client/clock.testing.ts";
import { keepRunning } from "./keep-running.ts";

test("what has ended is started again, at first soon, then later and later", async () => {
  const { clock, starts, stop } = keep({ startsWell: false });
  await clock.advance(3_000);
  // Each time: 200 ms until it is seen, then the pause.
  assert.deepEqual(starts(), [300, 700, 1_300, 2_300]);
  await stop();
});

test("what runs is left alone, and started anew when it ends", async () => {
  const { clock, starts, end, stop } = keep({ startsWell: true });
  await clock.advance(20_300);
  assert.deepEqual(starts(), [300]);
  end();
  await clock.advance(300);
  assert.deepEqual(starts(), [300, 20_600]);
  await stop();
});

for (const { name, atMs } of [
  { name: "between two looks", atMs: 100 },
  { name: "in the pause before the first start", atMs: 250 },
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

/** Something that does not run yet. The clock stands still meanwhile: what ends without it has not waited. */
function keep({ startsWell, started = Promise.resolve() }: { startsWell: boolean; started?: Promise<void> }) {
  const clock = createFakeClock(0);
  const stopping = new AbortController();
  const starts: number[] = [];
  let runs = false;
  let belongings = 0;
  const kept = keepRunning(
    {
      isRunning: async () => runs,
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
    },
    stopping.signal,
  );
  return {
    clock,
    starts: () => [...starts],
    end: () => {
      runs = false;
    },
    stop: () => {
      stopping.abort();
      return kept;
    },
  };
}
