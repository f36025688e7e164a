import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { mapBounded } from "./map-bounded.ts";

/** Calls that the test ends. */
function startCalls(items: readonly number[], atOnceMax: number) {
  const running = new Map<number, PromiseWithResolvers<string>>();
  const begun: number[] = [];
  const done = mapBounded(items, atOnceMax, (item) => {
    begun.push(item);
    const call = Promise.withResolvers<string>();
    running.set(item, call);
    return call.promise;
  });
  return { begun, running, done };
}

test("so many calls run at once and no more, and results keep the order of the items", async () => {
  const { begun, running, done } = startCalls([1, 2, 3, 4], 2);
  assert.deepEqual(begun, [1, 2]);
  for (const item of [2, 3, 1, 4]) {
    running.get(item)?.resolve(`result ${item}`);
    await turn();
    assert.deepEqual(begun, [1, 2, 3, 4].slice(0, begun.length));
    if (item === 2) assert.equal(begun.length, 3);
  }
  assert.deepEqual(await done, ["result 1", "result 2", "result 3", "result 4"]);
});

test("the first failure ends it: nothing further is begun", async () => {
  const { begun, running, done } = startCalls([1, 2, 3, 4, 5], 2);
  running.get(1)?.reject(new Error("refused"));
  await assert.rejects(done, /refused/);
  running.get(2)?.resolve("two");
  await turn();
  assert.deepEqual(begun, [1, 2]);
});

test("nothing is nothing", async () => {
  assert.deepEqual(await mapBounded([], 2, async () => 1), []);
});
