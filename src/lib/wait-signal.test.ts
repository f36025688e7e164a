import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { waitSignal } from "./wait-signal.ts";

const LONG_MS = 1_000_000;

test("it is over when its time is", async () => {
  // Its own timer keeps no process alive.
  const alive = setInterval(() => {}, LONG_MS);
  const signal = waitSignal(new AbortController().signal, 5);
  assert.equal(signal.aborted, false);
  await once(signal, "abort");
  clearInterval(alive);
  assert.equal(String(signal.reason), "ExpectedError: The wait is over");
});

test("a wait longer than one of Node's timers is not over at once", async () => {
  const signal = waitSignal(new AbortController().signal, 9_223_372_036_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(signal.aborted, false);
});

test("it is over when the user gives up, before or after it began", () => {
  const user = new AbortController();
  const signal = waitSignal(user.signal, LONG_MS);
  user.abort(new Error("SIGINT"));
  assert.match(String(signal.reason), /SIGINT/);
  assert.equal(waitSignal(user.signal, LONG_MS).aborted, true);
});
