import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, open, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { firstEvents, put, write } from "../store.testing.ts";
import { prefixEnd } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const all = { start: "/", end: prefixEnd("/") };

async function newFile(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  return path.join(folder, "sub", "store.db");
}

test("what was written is there after closing and opening, history included", async (t) => {
  const file = await newFile(t);
  const first = await openSqliteStore({ file });
  await write(first, put("/a", "1"));
  await write(first, put("/a", "2"));
  await first.close();
  await using second = await openSqliteStore({ file });
  assert.equal(await second.revision(), 3);
  assert.equal((await second.get("/a", { revision: 2 })).item?.version, 1);
  assert.equal(await write(second, put("/a", "3")), 4);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test("a compaction is remembered, and its rows are gone", async (t) => {
  const file = await newFile(t);
  const first = await openSqliteStore({ file });
  for (let i = 0; i < 1_300; i++) await write(first, put("/a", `${i}`));
  await first.compact(await first.revision());
  await first.close();
  const db = new DatabaseSync(file);
  // The last but one value was overwritten at the very revision that stays readable.
  assert.equal(db.prepare("SELECT count(*) AS n FROM log").get()?.n, 2);
  db.close();
  await using second = await openSqliteStore({ file });
  await assert.rejects(second.range({ ...all, revision: 1_300 }), { name: "CompactedError", compactRevision: 1_301 });
});

test("a store that is open cannot be opened again, in this process or another", async (t) => {
  const file = await newFile(t);
  await using first = await openSqliteStore({ file });
  await assert.rejects(openSqliteStore({ file }), /Cannot open the store .*: it is in use by another process/);
  const program = `import { openSqliteStore } from ${JSON.stringify(new URL("./sqlite-store.ts", import.meta.url).href)};
    await openSqliteStore({ file: ${JSON.stringify(file)} });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const [code] = await once(child, "close");
  assert.equal(code, 1);
  assert.match(errors, /it is in use by another process/);
  await first.close();
  await (await openSqliteStore({ file })).close();
});

const damages: { name: string; damage: (file: string) => Promise<void>; want: RegExp }[] = [
  {
    name: "text",
    damage: (file) => writeFile(file, "not a database, but long enough to look at".repeat(200)),
    want: /file is not a database/,
  },
  {
    name: "another program's database",
    damage: async (file) => {
      await rm(file);
      const db = new DatabaseSync(file);
      db.exec("CREATE TABLE t (a)");
      db.close();
    },
    want: /it is an SQLite database, but not one of Fairlead's/,
  },
  {
    name: "a later layout",
    damage: async (file) => {
      const db = new DatabaseSync(file);
      db.exec("PRAGMA user_version = 4");
      db.close();
    },
    want: /its layout is version 4; this program knows versions 1 to 3/,
  },
];

for (const { name, damage, want } of damages) {
  test(`a file that holds ${name} is refused, and let go of`, async (t) => {
    const file = await newFile(t);
    await (await openSqliteStore({ file })).close();
    await damage(file);
    const copy = `${file}.copy`;
    await copyFile(file, copy);
    await assert.rejects(openSqliteStore({ file }), want);
    await rm(file);
    await (await openSqliteStore({ file })).close();
  });
}

test("pages that were overwritten are an error, not an answer", async (t) => {
  const file = await newFile(t);
  const first = await openSqliteStore({ file });
  for (let i = 0; i < 200; i++) await write(first, put(`/${i}`, "x".repeat(1_000)));
  await first.close();
  const handle = await open(file, "r+");
  await handle.write(Buffer.alloc(40_960, 0xff), 0, 40_960, 8_192);
  await handle.close();
  const attempt = (async () => {
    await using second = await openSqliteStore({ file });
    await second.range(all);
  })();
  await assert.rejects(attempt, /malformed/);
});

test("a full store refuses what does not fit, and carries out deletions, which make room", async (t) => {
  const file = await newFile(t);
  await using store = await openSqliteStore({ file, maxBytes: 300_000 });
  let written = 0;
  const fill = async () => {
    for (; ; written++) await write(store, put(`/${written}`, `${written}`.padEnd(10_000)));
  };
  await assert.rejects(
    fill(),
    /Cannot write to the store: database or disk is full: delete objects, which still works, or free space .* or raise its limit of 300000 bytes/,
  );
  const revision = await store.revision();
  assert.equal(revision, written + 1);
  assert.equal((await store.range(all)).count, written);
  // A step of a deletion may need room before it gives any.
  await store.txn({ compare: [], success: [put("/0", "marked".padEnd(10_000))], forDeletion: true });
  for (const key of ["/0", "/1", "/2"]) await write(store, { type: "delete", key });
  assert.equal(await write(store, put("/again", "x".repeat(10_000))), revision + 5);
  // Writes that come together do not share a failure.
  const together = await Promise.allSettled([
    write(store, put("/small", "x")),
    write(store, put("/large", "x".repeat(1_000_000))),
    write(store, put("/small", "y")),
  ]);
  assert.deepEqual(
    together.map((result) => result.status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.equal(await store.revision(), revision + 7);
});

test("a full store makes room out of its history, and never uses a revision twice", async (t) => {
  const file = await newFile(t);
  const first = await openSqliteStore({ file, maxBytes: 300_000 });
  const values = Array.from({ length: 200 }, (_, i) => `${i}`.padEnd(10_000));
  for (const value of values) await write(first, put("/a", value));
  assert.equal(await first.revision(), 201);
  await assert.rejects(first.range({ ...all, revision: 2 }), { name: "CompactedError" });
  await write(first, { type: "delete", key: "/a" });
  // Compacts up to the deletion: the file keeps nothing but its revision.
  await assert.rejects(write(first, put("/large", "x".repeat(1_000_000))), /disk is full/);
  await first.close();

  await using second = await openSqliteStore({ file });
  assert.deepEqual(await second.range(all), { revision: 202, items: [], count: 0 });
  await assert.rejects(second.range({ ...all, revision: 201 }), { name: "CompactedError", compactRevision: 203 });
  assert.equal(await write(second, put("/b", "1")), 203);
  assert.deepEqual(await firstEvents(second, { ...all, fromRevision: 203 }, 1), ["put /b=1 (203<0)"]);
  await second.compact(203);
});

test("steps of deletions that grow a full store are refused in the end, and deletes are not", async (t) => {
  const file = await newFile(t);
  await using store = await openSqliteStore({ file, maxBytes: 300_000 });
  let written = 0;
  const grow = async (bytes: number) => {
    for (; ; written++) {
      const success = [put(`/${written}`, "x".repeat(bytes))];
      await store.txn({ compare: [], success, forDeletion: true });
    }
  };
  for (const bytes of [10_000, 1_000, 1]) {
    await assert.rejects(
      grow(bytes),
      /database or disk is full, and so is the room that is kept for deletions: free space on/,
    );
  }
  for (let i = 0; i < written; i++) await write(store, { type: "delete", key: `/${i}` });
  await write(store, put("/small", "x".repeat(10_000)));
  assert.equal((await store.range(all)).count, 1);
});
