import assert from "node:assert/strict";
import { type Duplex, duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { splice } from "./splice.ts";

/** Two ends of a line with the splice in its middle. */
function line(): { near: Duplex; far: Duplex; done: Promise<void>; middle: readonly [Duplex, Duplex] } {
  const [near, left] = duplexPair();
  const [right, far] = duplexPair();
  for (const end of [near, far]) end.on("error", () => {});
  return { near, far, done: splice(left, right), middle: [left, right] };
}

test("bytes go both ways, and an end is passed on while the answer is still to come", async () => {
  const { near, far, done } = line();
  near.end("question");
  assert.equal(await text(far), "question");
  far.end("answer");
  assert.equal(await text(near), "answer");
  await done;
});

test("a connection that breaks takes the other with it", async () => {
  const { near, far, done, middle } = line();
  const [left, right] = middle;
  left.destroy(new Error("reset"));
  await done;
  assert.equal(right.destroyed, true);
  near.destroy();
  far.destroy();
});

test("one that is closed already closes the other", async () => {
  const [left, right] = [duplexPair()[0], duplexPair()[0]];
  left.destroy();
  await new Promise((resolve) => left.once("close", resolve));
  void splice(left, right);
  assert.equal(right.destroyed, true);
});
