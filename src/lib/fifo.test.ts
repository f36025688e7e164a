import assert from "node:assert/strict";
import { test } from "node:test";
import { createFifo } from "./fifo.ts";

test("items are taken in the order in which they came, also while others come", () => {
  const fifo = createFifo<number>();
  const taken: (number | undefined)[] = [];
  let next = 0;
  for (let round = 0; round < 50; round++) {
    for (let i = 0; i < round % 7; i++) fifo.push(next++);
    for (let i = 0; i < round % 5; i++) taken.push(fifo.shift());
  }
  while (fifo.length > 0) taken.push(fifo.shift());
  assert.deepEqual(
    taken.filter((item) => item !== undefined),
    Array.from({ length: next }, (_, i) => i),
  );
  assert.equal(fifo.shift(), undefined);
});

test("a queue that was cleared begins again", () => {
  const fifo = createFifo<string>();
  fifo.push("a");
  fifo.clear();
  assert.equal(fifo.length, 0);
  fifo.push("b");
  fifo.push("c");
  assert.deepEqual([fifo.at(-1), fifo.at(0), fifo.at(1), fifo.at(2)], [undefined, "b", "c", undefined]);
  assert.equal(fifo.shift(), "b");
  assert.equal(fifo.at(0), "c");
});
