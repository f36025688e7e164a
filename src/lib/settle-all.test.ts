import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { settleAll } from "./settle-all.ts";

test("returns the values in order", async () => {
  assert.deepEqual(await settleAll([Promise.resolve(1), "two", Promise.resolve(true)] as const), [1, "two", true]);
});

test("throws the first error, once nothing is under way", async () => {
  const slow = Promise.withResolvers<void>();
  let over = false;
  const all = settleAll([slow.promise, Promise.reject(new Error("first")), Promise.reject(new Error("second"))]);
  all.catch(() => {
    over = true;
  });
  await setImmediate();
  assert.equal(over, false);
  slow.resolve();
  await assert.rejects(all, { message: "first" });
});
