import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { costRatio } from "@fairlead/lib/cost-ratio.testing";
import { createWorkQueue } from "./work-queue.ts";

test("keys come in the order in which they were added, each once", async () => {
  const queue = createWorkQueue({ clock: createFakeClock() });
  for (const key of ["a", "b", "a", "c"]) queue.add(key);
  assert.equal(queue.length, 3);
  assert.deepEqual([await queue.next(), await queue.next()], ["a", "b"]);
  queue.add("a");
  queue.add("d");
  assert.equal(await queue.next(), "c");
  queue.done("a");
  assert.deepEqual([await queue.next(), await queue.next()], ["d", "a"]);
});

test("a closed queue drops what waits", async () => {
  const queue = createWorkQueue({ clock: createFakeClock() });
  queue.add("a");
  queue.close();
  queue.add("b");
  assert.equal(queue.length, 0);
  assert.equal(await queue.next(), undefined);
});

test("taking a key costs the same however many wait", () => {
  const emptied = (size: number) => {
    const keys = Array.from({ length: size }, (_, i) => `team/pod-${i}`);
    return () => {
      const queue = createWorkQueue({ clock: createFakeClock() });
      for (const key of keys) queue.add(key);
      // `next` begins at once, and resolves later.
      for (let i = 0; i < size; i++) void queue.next();
    };
  };
  const factor = 16;
  assert.ok(costRatio(emptied, 5_000, factor) < factor * 4);
});
