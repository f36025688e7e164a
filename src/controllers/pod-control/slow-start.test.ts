import assert from "node:assert/strict";
import { test } from "node:test";
import { slowStart } from "./slow-start.ts";

test("slowStart: batches double, and the calls of a batch are made at once", async () => {
  const batches: number[] = [];
  let running = 0;
  const make = async () => {
    running += 1;
    await Promise.resolve();
    if (running > 0) batches.push(running);
    running = 0;
    return "made";
  };
  const { results, error } = await slowStart(10, make);
  assert.equal(results.length, 10);
  assert.equal(error, undefined);
  assert.deepEqual(batches, [1, 2, 4, 3]);
});

test("slowStart: nothing is called for nothing", async () => {
  assert.deepEqual(await slowStart(0, () => Promise.reject(new Error("called"))), { results: [] });
});

const failures: { name: string; failAt: number; calls: number; made: number }[] = [
  { name: "the first call", failAt: 1, calls: 1, made: 0 },
  { name: "one of a batch: the rest of the batch is made, the next is not", failAt: 4, calls: 7, made: 6 },
];
for (const { name, failAt, calls, made } of failures) {
  test(`slowStart fails at ${name}`, async () => {
    let called = 0;
    const { results, error } = await slowStart(100, async () => {
      called += 1;
      if (called === failAt) throw new Error("no room");
      return called;
    });
    assert.equal(called, calls);
    assert.equal(results.length, made);
    assert.match(String(error), /no room/);
  });
}
