import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { createFakeClock } from "../client/clock.testing.ts";
import { ownMemory, startIdleCollection } from "./idle-collection.ts";

const MIB = 1024 * 1024;

/** A process that has 50 MiB in use after each collection. */
function started(t: TestContext, { liveMiB = 50 } = {}) {
  const clock = createFakeClock();
  const process = { usedMiB: liveMiB, processorMs: 0, collections: 0 };
  const collecting = startIdleCollection({
    clock,
    look: () => ({ usedBytes: process.usedMiB * MIB, processorMs: process.processorMs }),
    collect() {
      process.collections++;
      process.usedMiB = liveMiB;
    },
  });
  t.after(() => collecting.stop());
  return { clock, process };
}

test("garbage is collected once the process is idle", async (t) => {
  const { clock, process } = started(t);
  process.usedMiB = 120;
  process.processorMs += 20_000;
  await clock.advance(30_000);
  assert.equal(process.collections, 0);
  process.processorMs += 200;
  await clock.advance(30_000);
  assert.equal(process.collections, 1);
  await clock.advance(120_000);
  assert.equal(process.collections, 1);
});

test("what caches let go of later is collected once, minutes after the last work", async (t) => {
  const { clock, process } = started(t);
  process.processorMs += 20_000;
  await clock.advance(30_000);
  await clock.advance(150_000);
  assert.equal(process.collections, 0);
  await clock.advance(30_000);
  assert.equal(process.collections, 1);
  await clock.advance(3_600_000);
  assert.equal(process.collections, 1);
});

test("a little garbage is left alone", async (t) => {
  const { clock, process } = started(t);
  process.usedMiB = 60;
  await clock.advance(300_000);
  assert.equal(process.collections, 0);
});

test("a large heap is left alone: collecting it would hold up requests", async (t) => {
  const { clock, process } = started(t, { liveMiB: 300 });
  process.usedMiB = 900;
  await clock.advance(300_000);
  assert.equal(process.collections, 0);
});

test("nothing is left after a stop", async () => {
  const clock = createFakeClock();
  const collecting = startIdleCollection({
    clock,
    look: () => ({ usedBytes: 0, processorMs: 0 }),
    collect: () => assert.fail("there is nothing to collect"),
  });
  await collecting.stop();
  assert.equal(clock.sleepers, 0);
});

test("the collection of this process frees what is not in use any more", () => {
  const before = ownMemory.look().usedBytes;
  let garbage: Buffer | undefined = Buffer.alloc(64 * 1024 * 1024, 1);
  assert.ok(ownMemory.look().usedBytes - before > 60 * 1024 * 1024, `${garbage.length} bytes are in use`);
  garbage = undefined;
  ownMemory.collect();
  assert.ok(ownMemory.look().usedBytes - before < 32 * 1024 * 1024);
});
