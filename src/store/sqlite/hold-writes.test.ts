import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { put, write } from "../store.testing.ts";
import { createHold } from "./hold-writes.ts";
import { openSqliteStore } from "./sqlite-store.ts";

function start() {
  const clock = createFakeClock();
  const passed: (readonly string[])[] = [];
  const atEndOfTurn: (() => void)[] = [];
  const hold = createHold<string>({
    clock,
    soon: (work) => atEndOfTurn.push(work),
    passOn: (items) => passed.push(items),
  });
  /** What is passed on while `work` runs and at the end of its turn, in one piece. */
  const during = async (work: () => void | Promise<void>): Promise<readonly string[]> => {
    passed.length = 0;
    await work();
    for (const end of atEndOfTurn.splice(0)) end();
    assert.ok(passed.length <= 1, `passed on in ${passed.length} pieces`);
    return passed[0] ?? [];
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

test("what cannot wait is passed on together with what comes in the same turn, once", async () => {
  const { hold, during } = start();
  const passThree = () => {
    for (const item of ["a", "b", "c"]) hold.pass(item, 0);
  };
  assert.deepEqual(await during(passThree), ["a", "b", "c"]);
  const passFull = () => {
    hold.pass("first", 0);
    for (let i = 0; i < 31; i++) hold.pass(`${i}`, 2_000);
  };
  assert.equal((await during(passFull)).length, 32);
  assert.deepEqual(await during(() => {}), []);
});

/** Of SQLite's write-ahead log (https://sqlite.org/fileformat2.html#walformat). */
const WAL = { headerBytes: 32, frameHeaderBytes: 24, pageBytes: 4_096 };

/** How many transactions a write-ahead log holds: the last frame of each has the size of the database. */
async function commitsIn(file: string): Promise<number> {
  const bytes = await readFile(file);
  let commits = 0;
  for (let at = WAL.headerBytes; at < bytes.length; at += WAL.frameHeaderBytes + WAL.pageBytes) {
    if (bytes.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return commits;
}

test("what has waited together is one commit", async (t) => {
  const file = path.join(await temporaryFolder(t), "store.db");
  const clock = createFakeClock();
  await using store = await openSqliteStore({ file, clock });
  const before = await commitsIn(`${file}-wal`);
  const rounds = 30;
  for (let round = 0; round < rounds; round++) {
    const writes = ["/a", "/b", "/c"].map((key) =>
      store.txn({ compare: [], success: [put(`${key}${round}`, "new")], maxDelayMs: 2_000 }),
    );
    await clock.advance(2_000);
    await Promise.all(writes);
  }
  assert.equal((await commitsIn(`${file}-wal`)) - before, rounds);
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
