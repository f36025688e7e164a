import assert from "node:assert/strict";
import { test } from "node:test";
import { createReusedMemory } from "./reused-memory.ts";

test("a piece is written where the one before it was, once that is given back", () => {
  const memory = createReusedMemory();
  const first = memory.take(70_000);
  assert.ok(first.byteLength >= 70_000);
  const second = memory.take(66_000);
  assert.notEqual(second.buffer, first.buffer, "the first piece is still read");
  memory.giveBack(first.subarray(0, 10));
  assert.equal(memory.take(80_000).buffer, first.buffer);
  assert.notEqual(memory.take(66_000).buffer, first.buffer, "it is taken again");
});

test("a piece that does not fit gets memory of its own", () => {
  const memory = createReusedMemory();
  const small = memory.take(100);
  assert.equal(small.byteLength, 100);
  memory.giveBack(small);
  assert.equal(memory.take(100_000).byteLength >= 100_000, true);
});
