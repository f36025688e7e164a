import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { createSharedLines } from "./shared-lines.ts";

const event = (revision: number) => ({ revision, before: undefined, after: undefined });
const limits = { bytesMax: 100, ageMaxMs: 5_000 };

test("the newest lines are remembered, up to so many bytes", () => {
  const lines = createSharedLines(limits, createFakeClock());
  const [first, second, third] = [event(1), event(2), event(3)];
  lines.set(first, "ADDED", new Uint8Array(30));
  lines.set(first, "MODIFIED", new Uint8Array(30));
  lines.set(second, "MODIFIED", new Uint8Array(30));
  assert.equal(lines.get(first, "ADDED")?.byteLength, 30);
  lines.set(third, "MODIFIED", new Uint8Array(30));
  assert.equal(lines.get(first, "ADDED"), undefined);
  assert.equal(lines.get(first, "MODIFIED"), undefined);
  assert.equal(lines.get(second, "MODIFIED")?.byteLength, 30);
  assert.equal(lines.get(third, "MODIFIED")?.byteLength, 30);
});

test("a line that is larger than all may be is shared while it is the newest", () => {
  const lines = createSharedLines(limits, createFakeClock());
  const [small, large] = [event(1), event(2)];
  lines.set(small, "ADDED", new Uint8Array(10));
  lines.set(large, "ADDED", new Uint8Array(1_000));
  assert.equal(lines.get(small, "ADDED"), undefined);
  assert.equal(lines.get(large, "ADDED")?.byteLength, 1_000);
  lines.set(small, "ADDED", new Uint8Array(10));
  assert.equal(lines.get(large, "ADDED"), undefined);
});

test("lines are dropped when their change is old, also where no newer ones come", async () => {
  const clock = createFakeClock();
  const lines = createSharedLines(limits, clock);
  const [first, second] = [event(1), event(2)];
  lines.set(first, "ADDED", new Uint8Array(30));
  await clock.advance(3_000);
  lines.set(first, "MODIFIED", new Uint8Array(30));
  lines.set(second, "ADDED", new Uint8Array(30));
  await clock.advance(2_000);
  lines.expire();
  assert.equal(lines.get(first, "ADDED")?.byteLength, 30);
  await clock.advance(1);
  lines.expire();
  assert.equal(lines.get(first, "ADDED"), undefined);
  assert.equal(lines.get(first, "MODIFIED"), undefined);
  assert.equal(lines.get(second, "ADDED")?.byteLength, 30);
  await clock.advance(3_000);
  lines.expire();
  assert.equal(lines.get(second, "ADDED"), undefined);
  // What was dropped is not counted any more.
  lines.set(first, "ADDED", new Uint8Array(60));
  lines.set(second, "ADDED", new Uint8Array(40));
  assert.equal(lines.get(first, "ADDED")?.byteLength, 60);
});

test("lines that leave together become one piece, which watches at the same place share", () => {
  const lines = createSharedLines(limits, createFakeClock());
  const [a, b, c] = ["a", "b", "c"].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
  assert.equal(lines.joined([a]), a);
  const piece = lines.joined([a, b]);
  assert.equal(String(piece), "ab");
  assert.equal(lines.joined([a, b]), piece);
  assert.equal(String(lines.joined([a, c])), "ac");
  assert.equal(String(lines.joined([a, b, c])), "abc");
  const kept = lines.joined([a, b]);
  lines.expire();
  assert.notEqual(lines.joined([a, b]), kept);
});
