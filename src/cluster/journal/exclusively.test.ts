import assert from "node:assert/strict";
import { test } from "node:test";
import { exclusively } from "./exclusively.ts";

test("one at a time, and a failure lets go", async () => {
  const what = `test-${process.pid}`;
  let inside = 0;
  const work = async () => {
    inside++;
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(inside, 1);
    inside--;
    return "done";
  };
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => exclusively(what, work))), ["done", "done", "done"]);
  await assert.rejects(
    exclusively(what, () => Promise.reject(new Error("failed"))),
    /failed/,
  );
  assert.equal(await exclusively(what, work), "done");
});

test("who waits gives up after its own time, and not before", async () => {
  const what = `test-waiting-${process.pid}`;
  const release = Promise.withResolvers<void>();
  const holder = exclusively(what, () => release.promise);
  const patient = exclusively(what, async () => "done", { waitMs: 60_000 });
  await assert.rejects(
    exclusively(what, async () => "done", { waitMs: 0 }),
    { name: "ExpectedError", message: `Cannot ${what}: another fairlead is doing it` },
  );
  release.resolve();
  await holder;
  assert.equal(await patient, "done");
});
