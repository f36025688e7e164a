import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { createFakeClock } from "../../client/clock.testing.ts";
import { temporaryFolder } from "../../lib/temporary-folder.testing.ts";
import { put, write } from "../store.testing.ts";
import { createHold } from "./hold-writes.ts";
import { openSqliteStore } from "./sqlite-store.ts";

function start() {
  const clock = createFakeClock();
  const passed: string[][] = [];
  const hold = createHold<string>(clock, (item) => passed.at(-1)?.push(item));
  /** What is passed on while `work` runs. */
  const during = async (work: () => void | Promise<void>): Promise<string[]> => {
    passed.push([]);
    await work();
    return passed.at(-1) ?? [];
  };
  return { clock, hold, during };
}

test("what may wait is passed on together, when the first has waited long enough", async () => {
  const { clock, hold, during } = start();
  assert.deepEqual(await during(() => hold.pass("a", 2_000)), []);
  assert.deepEqual(await during(() => clock.advance(1_500)), []);
  assert.deepEqual(await during(() => hold.pass("b", 2_000)), []);
  assert.deepEqual(await during(() => clock.advance(499)), []);
  assert.deepEqual(await during(() => clock.advance(1)), ["a", "b"]);
  assert.deepEqual(await during(() => hold.pass("c", 2_000)), []);
  assert.deepEqual(await during(() => hold.pass("d", 100)), []);
  assert.deepEqual(await during(() => clock.advance(100)), ["c", "d"]);
  assert.deepEqual(await during(() => clock.advance(10_000)), []);
});

test("what cannot wait takes with it what waits, in order, and so does a full hold", async () => {
  const { clock, hold, during } = start();
  const waiting = Array.from({ length: 31 }, (_, i) => `${i}`);
  assert.deepEqual(await during(() => hold.pass("a", 2_000)), []);
  assert.deepEqual(await during(() => hold.pass("b", 0)), ["a", "b"]);
  const passAll = () => {
    for (const item of waiting) hold.pass(item, 2_000);
  };
  assert.deepEqual(await during(passAll), []);
  assert.deepEqual(await during(() => hold.pass("last", 2_000)), [...waiting, "last"]);
  assert.deepEqual(await during(() => clock.advance(2_000)), []);
});

test("a store answers a write that may wait when it is durable, at the latest when it is closed", async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "store.db");
  const clock = createFakeClock();
  const first = await openSqliteStore({ file, clock });
  const held = [1, 2].map((i) => first.txn({ compare: [], success: [put("/a", `${i}`)], maxDelayMs: 2_000 }));
  assert.equal(await first.revision(), 1);
  assert.equal(await write(first, put("/b", "b")), 4);
  assert.deepEqual(
    (await Promise.all(held)).map(({ revision }) => revision),
    [2, 3],
  );
  const last = first.txn({ compare: [], success: [put("/a", "3")], maxDelayMs: 2_000 });
  await first.close();
  assert.equal((await last).revision, 5);
  await using second = await openSqliteStore({ file, clock });
  assert.equal((await second.get("/a")).item?.version, 3);
});
