import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { heap } from "./heap.ts";

test("heap: whatever goes in, in whatever order, comes out sorted", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (first, second) => {
      const numbers = heap<number>((a, b) => a < b);
      for (const n of first) numbers.push(n);
      const taken = numbers.pop();
      for (const n of second) numbers.push(n);
      const rest: number[] = [];
      for (let n = numbers.pop(); n !== undefined; n = numbers.pop()) rest.push(n);
      const sorted = first.toSorted((a, b) => a - b);
      assert.equal(taken, sorted.shift());
      assert.deepEqual(
        rest,
        [...sorted, ...second].sort((a, b) => a - b),
      );
    }),
  );
});

test("heap: empty", () => {
  const none = heap<number>((a, b) => a < b);
  assert.equal(none.peek(), undefined);
  assert.equal(none.pop(), undefined);
});
