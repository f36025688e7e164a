import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "@fairlead/lib/clock.testing";
import { createTurns } from "./turns.ts";

test("work for one key runs in order, one after another, also after a failure; other keys do not wait", async () => {
  const turns = createTurns();
  const ended: string[] = [];
  const first = Promise.withResolvers<void>();
  const waiting = [
    turns.take("a", () => first.promise).catch(() => ended.push("first")),
    turns.take("a", async () => ended.push("second")),
    turns.take("a", async () => ended.push("third")),
  ];
  await turns.take("b", async () => ended.push("other"));
  await settle();
  assert.deepEqual(ended, ["other"]);
  first.reject(new Error("lost"));
  await Promise.all(waiting);
  assert.deepEqual(ended, ["other", "first", "second", "third"]);
});

test("a key is taken until its last work has settled", async () => {
  const turns = createTurns();
  assert.equal(turns.isTaken("a"), false);
  const work = Promise.withResolvers<string>();
  const result = turns.take("a", () => work.promise);
  assert.equal(turns.isTaken("a"), true);
  assert.equal(turns.isTaken("b"), false);
  work.resolve("done");
  assert.equal(await result, "done");
  await settle();
  assert.equal(turns.isTaken("a"), false);
});
