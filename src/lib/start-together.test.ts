import assert from "node:assert/strict";
import { test } from "node:test";
import { running } from "./running.ts";
import { startTogether } from "./start-together.ts";

test("parts that were all started are answered in their order", async () => {
  const [first, second] = [running(async () => {}), running(async () => {})];
  assert.deepEqual(await startTogether([Promise.resolve(first), Promise.resolve(second)]), [first, second]);
});

test("when one cannot be started the others are stopped, those too that start after it has failed", async () => {
  const stopped: string[] = [];
  const part = (name: string) => running(async () => void stopped.push(name));
  const late = Promise.withResolvers<ReturnType<typeof part>>();
  const together = startTogether([Promise.resolve(part("early")), Promise.reject(new Error("taken")), late.promise]);
  late.resolve(part("late"));
  await assert.rejects(together, { message: "taken" });
  assert.deepEqual(stopped, ["early", "late"]);
});
