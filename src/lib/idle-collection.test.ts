import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { getHeapCodeStatistics } from "node:v8";
import { createFakeClock } from "./clock.testing.ts";
import { ownMemory, startIdleCollection } from "./idle-collection.ts";

const MIB = 1024 * 1024;
/** Between two looks at the process. */
const INTERVAL_MS = 15_000;

/** A process that holds 50 MiB after each collection, and has been collected once. */
async function started(t: TestContext, { liveMiB = 50 } = {}) {
  const clock = createFakeClock();
  const process = { heldMiB: liveMiB, processorMs: 0, collections: 0, settled: 0 };
  const collecting = startIdleCollection({
    clock,
    look: () => ({ heldBytes: process.heldMiB * MIB, processorMs: process.processorMs }),
    collect() {
      process.collections++;
      process.heldMiB = liveMiB;
    },
    collectSettled() {
      process.settled++;
      this.collect();
    },
  });
  t.after(() => collecting.stop());
  await clock.advance(INTERVAL_MS);
  return { clock, process };
}

test("garbage is collected once the process is idle", async (t) => {
  const { clock, process } = await started(t);
  process.heldMiB = 120;
  process.processorMs += 10_000;
  await clock.advance(INTERVAL_MS);
  assert.equal(process.collections, 1);
  process.processorMs += 200;
  await clock.advance(INTERVAL_MS);
  assert.equal(process.collections, 2);
  await clock.advance(4 * INTERVAL_MS);
  assert.equal(process.collections, 2);
});

for (const [name, workMs] of [
  ["a busy time", 10_000],
  ["a time of little work", 400],
] as const) {
  test(`what caches and watches drop minutes after ${name} is collected once`, async (t) => {
    const { clock, process } = await started(t);
    process.processorMs += workMs;
    await clock.advance(INTERVAL_MS);
    await clock.advance(150_000);
    assert.equal(process.collections, 1);
    await clock.advance(INTERVAL_MS);
    assert.equal(process.collections, 2);
    await clock.advance(3_600_000);
    assert.deepEqual([process.collections, process.settled], [2, 1]);
  });
}

test("a process that has started is collected when it is idle, whatever it holds", async (t) => {
  const { process } = await started(t);
  assert.equal(process.collections, 1);
});

test("a little garbage is left alone", async (t) => {
  const { clock, process } = await started(t);
  process.heldMiB = 57;
  await clock.advance(300_000);
  assert.equal(process.collections, 1);
});

test("growth counts from the least that was held since the last collection", async (t) => {
  const { clock, process } = await started(t);
  process.heldMiB = 40;
  await clock.advance(INTERVAL_MS);
  process.heldMiB = 57;
  await clock.advance(INTERVAL_MS);
  assert.equal(process.collections, 2);
});

test("a large heap is left alone: collecting it would hold up requests", async (t) => {
  const { clock, process } = await started(t, { liveMiB: 300 });
  process.heldMiB = 900;
  await clock.advance(300_000);
  assert.equal(process.collections, 0);
});

test("nothing is left after a stop", async () => {
  const clock = createFakeClock();
  const collecting = startIdleCollection({
    clock,
    look: () => ({ heldBytes: 0, processorMs: 0 }),
    collect: () => assert.fail("there is nothing to collect"),
  });
  await collecting.stop();
  assert.equal(clock.sleepers, 0);
});

test("the collection of this process gives back the room that a busy time took", () => {
  const { heapTotal } = process.memoryUsage();
  const grown = Array.from({ length: 1_000_000 }, (_, i) => ({ text: String(i) }));
  const busy = process.memoryUsage().heapTotal;
  assert.ok(busy - heapTotal > 50 * MIB, `${grown.length} objects took ${busy - heapTotal} bytes`);
  grown.length = 0;
  ownMemory.collect();
  assert.ok(process.memoryUsage().heapTotal - heapTotal < 8 * MIB);
});

test("the collection of this process drops the code of functions that do not run any more, and they still run", () => {
  const make = (i: number) =>
    new Function("x", `let sum = ${i}; for (let i = 0; i < x; i++) sum += i * ${i}; return sum;`);
  const functions = Array.from({ length: 3_000 }, (_, i) => make(i));
  const run = () => functions.map((f, i) => f(i % 3));
  const results = run();
  ownMemory.collect();
  const { bytecode_and_metadata_size: before } = getHeapCodeStatistics();
  ownMemory.collectWithCode();
  const { bytecode_and_metadata_size: after } = getHeapCodeStatistics();
  assert.ok(after < before - 300_000, `${before} bytes of code, then ${after}`);
  assert.deepEqual(run(), results);
});

test("the collection of this process frees what is not in use any more", () => {
  const before = ownMemory.look().heldBytes;
  let garbage: Buffer | undefined = Buffer.alloc(64 * 1024 * 1024, 1);
  assert.ok(ownMemory.look().heldBytes - before > 60 * 1024 * 1024, `${garbage.length} bytes are in use`);
  garbage = undefined;
  ownMemory.collect();
  assert.ok(ownMemory.look().heldBytes - before < 32 * 1024 * 1024);
});
