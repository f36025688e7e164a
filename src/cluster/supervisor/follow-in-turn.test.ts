import assert from "node:assert/strict";
import { test } from "node:test";
import { followInTurn } from "./follow-in-turn.ts";

test("what was read first is followed first, though reading it took longer", async () => {
  const reads = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const followed: string[] = [];
  let count = 0;
  const reload = followInTurn(
    () => reads[count++]?.promise ?? Promise.reject(new Error("read too often")),
    async (value) => void followed.push(value),
  );
  const reloads = [reload(), reload()];
  reads[1]?.resolve("new");
  await new Promise((resolve) => setImmediate(resolve));
  reads[0]?.resolve("old");
  await Promise.all(reloads);
  assert.deepEqual(followed, ["old", "new"]);
});

test("a read that fails rejects its caller's promise, and the next is followed", async () => {
  let broken = true;
  const followed: string[] = [];
  const reload = followInTurn(
    async () => {
      if (broken) throw new Error("broken");
      return "read";
    },
    async (value) => void followed.push(value),
  );
  await assert.rejects(reload(), { message: "broken" });
  broken = false;
  await reload();
  assert.deepEqual(followed, ["read"]);
});
