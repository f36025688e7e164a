import assert from "node:assert/strict";
import { test } from "node:test";
import { running } from "./running.ts";

test("what is running is stopped once", async () => {
  let stops = 0;
  const it = running(async () => void stops++);
  await Promise.all([it.stop(), it.stop(), it[Symbol.asyncDispose]()]);
  assert.equal(stops, 1);
});
