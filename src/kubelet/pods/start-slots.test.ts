import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import type { StartStage } from "./start-slots.ts";
import { createStartSlots } from "./start-slots.ts";

/** Work that goes on until the test ends it. `log` has the names in the order in which they began. */
function workshop(count: number) {
  const clock = createFakeClock();
  const slots = createStartSlots(count, clock);
  const log: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  return {
    log,
    clock,
    start(name: string, stage: StartStage, signal = new AbortController().signal) {
      const end = Promise.withResolvers<void>();
      ends.set(name, end);
      return slots.use(stage, signal, () => {
        log.push(name);
        return end.promise;
      });
    },
    async end(name: string, error?: Error) {
      if (error === undefined) ends.get(name)?.resolve();
      else ends.get(name)?.reject(error);
      await settle();
    },
  };
}

test("no more than the slots are at work, and a pod that has begun goes on before others begin", async () => {
  const { log, start, end } = workshop(2);
  for (const name of ["s1", "s2", "s3", "s4"]) void start(name, "sandbox");
  await setImmediate();
  assert.deepEqual(log, ["s1", "s2"]);
  void start("c1", "container");
  await end("s1");
  assert.deepEqual(log, ["s1", "s2", "c1"]);
  await end("c1");
  await end("s2");
  assert.deepEqual(log, ["s1", "s2", "c1", "s3", "s4"]);
});

test("work that fails frees its slot", async () => {
  const { log, start, end } = workshop(1);
  const failing = start("s1", "sandbox");
  void start("s2", "sandbox");
  await Promise.all([assert.rejects(failing, /broken/), end("s1", new Error("broken"))]);
  assert.deepEqual(log, ["s1", "s2"]);
});

test("who gives up leaves the queue, and takes no slot", async () => {
  const { log, start, end } = workshop(1);
  const ending = new AbortController();
  void start("s1", "sandbox");
  const givenUp = start("s2", "sandbox", ending.signal);
  void start("s3", "sandbox");
  await setImmediate();
  ending.abort(new Error("the pod is to end"));
  await assert.rejects(givenUp, /the pod is to end/);
  await assert.rejects(start("s4", "sandbox", ending.signal), /the pod is to end/);
  await end("s1");
  assert.deepEqual(log, ["s1", "s3"]);
});

test("work that hangs gives its slot away, once", async () => {
  const { log, start, end, clock } = workshop(1);
  void start("hangs", "container");
  for (const name of ["s1", "s2"]) void start(name, "sandbox");
  await clock.advance(9_000);
  assert.deepEqual(log, ["hangs"]);
  await clock.advance(2_000);
  assert.deepEqual(log, ["hangs", "s1"]);
  await end("hangs");
  assert.deepEqual(log, ["hangs", "s1"], "it has no slot left to free");
  await end("s1");
  assert.deepEqual(log, ["hangs", "s1", "s2"]);
});
