import assert from "node:assert/strict";
import { copyFile, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { firstEvents, put, write } from "../store.testing.ts";
import { prefixEnd, type Store, type WriteOperation } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const all = { start: "/", end: prefixEnd("/") };

async function open(t: TestContext, name = "store.db"): Promise<{ readonly file: string; readonly store: Store }> {
  const file = path.join(await temporaryFolder(t), name);
  const store = await openSqliteStore({ file });
  t.after(() => store.close());
  return { file, store };
}

/** A write that may wait. Answers the revision. */
async function renew(store: Store, ...success: WriteOperation[]): Promise<number> {
  return (await store.txn({ compare: [], success, maxDelayMs: 1 })).revision;
}

async function tailBytes(file: string): Promise<number> {
  return (await stat(`${file}-tail`)).size;
}

/** Copies what a crash at this moment would leave. */
async function crashed(t: TestContext, file: string): Promise<string> {
  const copy = path.join(await temporaryFolder(t), "store.db");
  for (const suffix of ["", "-wal", "-tail"]) await copyFile(file + suffix, copy + suffix);
  return copy;
}

async function values(store: Store, revision?: number): Promise<string[]> {
  const { items } = await store.range({ ...all, ...(revision !== undefined && { revision }) });
  return items.map((i) => `${i.key}=${Buffer.from(i.value)} ${i.createRevision} ${i.modRevision} ${i.version}`);
}

const LEASE = JSON.stringify({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "fairlead-1", namespace: "kube-node-lease", uid: "7c1ee61c-5a31-4b5c-b2d5-c9a51b4d6b2b" },
  spec: { holderIdentity: "fairlead-1", leaseDurationSeconds: 40, renewTime: "TIME" },
});

test("a renewal writes what differs, and leaves the database alone", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/lease", LEASE));
  const database = await readFile(`${file}-wal`);
  for (let i = 0; i < 100; i++) await renew(store, put("/lease", LEASE.replace("TIME", `2026-01-01T00:00:${i}`)));
  assert.deepEqual(await readFile(`${file}-wal`), database);
  const bytes = await tailBytes(file);
  assert.ok(bytes < 100 * 100, `${bytes} bytes for 100 renewals`);
  assert.equal((await stat(`${file}-tail`)).mode & 0o777, 0o600);
});

test("what is in the tail is read, now and at earlier revisions, and watched", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "a1"), put("/b", "b1"), put("/c", "c1"));
  for (const operation of [put("/b", "b2"), put("/a", "a2"), put("/b", "b3")]) await renew(store, operation);
  assert.ok((await tailBytes(file)) > 0);
  assert.equal(await store.revision(), 5);
  assert.deepEqual(await values(store), ["/a=a2 2 4 2", "/b=b3 2 5 3", "/c=c1 2 2 1"]);
  assert.deepEqual(await values(store, 3), ["/a=a1 2 2 1", "/b=b2 2 3 2", "/c=c1 2 2 1"]);
  assert.equal((await store.get("/b", { revision: 4 })).item?.version, 2);
  const history = ["put /b=b2 (3<2)", "put /a=a2 (4<2)", "put /b=b3 (5<3)"];
  assert.deepEqual(await firstEvents(store, { ...all, fromRevision: 3 }, 3), history);
  assert.deepEqual(await firstEvents(store, { start: "/a", end: "/b", fromRevision: 3 }, 1), history.slice(1, 2));
  const conflict = await store.txn({
    compare: [{ key: "/b", modRevision: 3 }],
    success: [put("/b", "b4")],
    failure: ["/b"],
    maxDelayMs: 1,
  });
  assert.deepEqual([conflict.succeeded, conflict.revision, conflict.read[0]?.version], [false, 5, 3]);
});

test("an ordinary write brings the tail into the database", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "a1"), put("/b", "b1"));
  for (let i = 2; i <= 4; i++) await renew(store, put("/a", `a${i}`));
  assert.equal(await write(store, put("/b", "b2")), 6);
  assert.equal(await tailBytes(file), 0);
  assert.deepEqual(await values(store), ["/a=a4 2 5 4", "/b=b2 2 6 2"]);
  assert.deepEqual(await values(store, 4), ["/a=a3 2 4 3", "/b=b1 2 2 1"]);
  assert.equal(await renew(store, put("/a", "a5")), 7);
  const history = ["put /a=a3 (4<3)", "put /a=a4 (5<4)", "put /b=b2 (6<2)", "put /a=a5 (7<5)"];
  assert.deepEqual(await firstEvents(store, { ...all, fromRevision: 4 }, 4), history);
});

const ordinary: readonly (readonly [name: string, ...operations: WriteOperation[]])[] = [
  ["a new key", put("/new", "1")],
  ["a deletion", { type: "delete", key: "/a" }],
  ["a time to live", put("/a", "2", 60)],
  ["two keys", put("/a", "2"), put("/b", "2")],
  ["a large value", put("/a", "2".repeat(20_000))],
];

for (const [name, ...operations] of ordinary) {
  test(`${name} is not for the tail`, async (t) => {
    const { file, store } = await open(t);
    await write(store, put("/a", "1"), put("/b", "1"));
    await renew(store, ...operations);
    assert.equal(await tailBytes(file), 0);
    assert.equal(await store.revision(), 3);
  });
}

test("values whose bytes do not distinguish them from others are kept unchanged", async (t) => {
  const { file, store } = await open(t);
  const written = ["", "a", "", "\0".repeat(10_000), "é\u{1F600}", "b".repeat(16_000)];
  await write(store, put("/a", "first"));
  for (const value of written) await renew(store, put("/a", value));
  await using again = await openSqliteStore({ file: await crashed(t, file) });
  for (const [i, value] of written.entries()) {
    const { item } = await again.get("/a", { revision: 3 + i });
    assert.equal(Buffer.from(item?.value ?? []).toString(), value);
  }
});

test("after a crash, the tail is there", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "a1"), put("/b", "b1"));
  await renew(store, put("/a", "a2"));
  await renew(store, put("/b", "b2"));
  await using again = await openSqliteStore({ file: await crashed(t, file) });
  assert.equal(await again.revision(), 4);
  assert.deepEqual(await values(again), ["/a=a2 2 3 2", "/b=b2 2 4 2"]);
  assert.deepEqual(await values(again, 3), ["/a=a2 2 3 2", "/b=b1 2 2 1"]);
  assert.deepEqual(await firstEvents(again, { ...all, fromRevision: 3 }, 2), ["put /a=a2 (3<2)", "put /b=b2 (4<2)"]);
  assert.equal(await renew(again, put("/a", "a3")), 5);
  assert.equal(await write(again, put("/c", "c1")), 6);
  assert.deepEqual(await values(again, 5), ["/a=a3 2 5 3", "/b=b2 2 4 2"]);
});

test("a crash in the middle of an append loses that append only", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "a1"));
  await renew(store, put("/a", "a2"));
  const whole = await tailBytes(file);
  await renew(store, put("/a", "a3"));
  const copy = await crashed(t, file);
  await writeFile(`${copy}-tail`, (await readFile(`${copy}-tail`)).subarray(0, whole + 20));
  await using again = await openSqliteStore({ file: copy });
  assert.equal(await tailBytes(copy), whole);
  assert.deepEqual(await values(again), ["/a=a2 2 3 2"]);
  assert.equal(await renew(again, put("/a", "again")), 4);
});

test("a value that was replaced in the database is not read from the tail that it was in", async (t) => {
  const { store } = await open(t);
  await write(store, put("/a", "a1"), put("/b", "b1"));
  await renew(store, put("/a", "a2"));
  assert.deepEqual(await values(store), ["/a=a2 2 3 2", "/b=b1 2 2 1"]);
  await write(store, put("/a", "a3"));
  await renew(store, put("/b", "b2"));
  assert.deepEqual(await values(store), ["/a=a3 2 4 3", "/b=b2 2 5 2"]);
  assert.deepEqual(await values(store, 3), ["/a=a2 2 3 2", "/b=b1 2 2 1"]);
});

test("a key that is written twice in one commit has both values", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "a1"));
  assert.deepEqual(await Promise.all(["a2", "a3"].map((value) => renew(store, put("/a", value)))), [3, 4]);
  assert.deepEqual(await values(store), ["/a=a3 2 4 3"]);
  await using again = await openSqliteStore({ file: await crashed(t, file) });
  const history = ["put /a=a1 (2<0)", "put /a=a2 (3<2)", "put /a=a3 (4<3)"];
  assert.deepEqual(await firstEvents(again, { ...all, fromRevision: 2 }, 3), history);
});

test("what the database has of a tail already is skipped, and what follows is read", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "a1"));
  await renew(store, put("/a", "a2"));
  await renew(store, put("/a", "a3"));
  const committed = await readFile(`${file}-tail`);
  await write(store, put("/b", "b1"));
  await renew(store, put("/a", "a4"));
  const copy = await crashed(t, file);
  await writeFile(`${copy}-tail`, Buffer.concat([committed, await readFile(`${file}-tail`)]));
  await using again = await openSqliteStore({ file: copy });
  assert.deepEqual(await values(again), ["/a=a4 2 6 4", "/b=b1 5 5 1"]);
  assert.deepEqual(await values(again, 3), ["/a=a2 2 3 2"]);
});

const others: readonly { readonly name: string; readonly writes: readonly (readonly WriteOperation[])[] }[] = [
  { name: "is empty", writes: [] },
  { name: "lacks the key", writes: [[put("/b", "1")]] },
  { name: "has the key in another row", writes: [[put("/b", "1"), put("/a", "1")]] },
  { name: "has another value in the same row", writes: [[put("/a", LEASE.replaceAll("e", "x")), put("/b", "1")]] },
  { name: "has a shorter value in the same row", writes: [[put("/a", ""), put("/b", "1")]] },
  { name: "is older, with the same row", writes: [[put("/a", LEASE), put("/b", "1")]] },
  { name: "is newer", writes: [[put("/b", "1")], [put("/b", "2")], [put("/b", "3")], [put("/b", "4")]] },
];

for (const { name, writes } of others) {
  test(`the tail of another database is ignored by one that ${name}`, async (t) => {
    const { file, store } = await open(t);
    await write(store, put("/a", LEASE), put("/b", "b1"));
    // Not in the tail: the row of /a stays what it is in the database that is "older, with the same row".
    if (name.startsWith("is older")) await write(store, put("/b", "b2"));
    await renew(store, put("/a", LEASE.replace("TIME", "2026")));
    const other = path.join(await temporaryFolder(t), "store.db");
    const made = await openSqliteStore({ file: other });
    for (const operations of writes) await write(made, ...operations);
    const [revision, there] = [await made.revision(), await values(made)];
    await made.close();
    await copyFile(`${file}-tail`, `${other}-tail`);
    await using again = await openSqliteStore({ file: other });
    assert.deepEqual([await again.revision(), await values(again)], [revision, there]);
    assert.equal(await tailBytes(other), 0);
  });
}

test("a store with a limit has no tail", async (t) => {
  const file = path.join(await temporaryFolder(t), "store.db");
  await using store = await openSqliteStore({ file, maxBytes: 1_000_000 });
  await write(store, put("/a", "1"));
  assert.equal(await renew(store, put("/a", "2")), 3);
  assert.equal(await tailBytes(file), 0);
});

test("the tail of a store that was closed is in its file", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "a1"));
  await renew(store, put("/a", "a2"));
  await store.close();
  assert.equal(await tailBytes(file), 0);
  using db = new DatabaseSync(file, { readOnly: true });
  assert.equal(db.prepare("SELECT count(*) AS n FROM log").get()?.n, 2);
});

test("a tail that has grown long enough is brought into the database", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "0"));
  let largest = 0;
  for (let i = 1; i <= 1_001; i++) {
    await renew(store, put("/a", `${i}`));
    largest = Math.max(largest, await tailBytes(file));
  }
  assert.equal(await tailBytes(file), 0);
  assert.ok(largest < 256 * 1024, `${largest} bytes`);
  assert.equal((await store.get("/a", { revision: 700 })).item?.version, 699);
  assert.equal((await firstEvents(store, { ...all, fromRevision: 2 }, 1_002)).length, 1_002);
});

test("what compaction has made unreadable is not brought into the database", async (t) => {
  const { file, store } = await open(t);
  await write(store, put("/a", "0"), put("/b", "0"));
  for (let i = 1; i <= 20; i++) await renew(store, put(i % 2 === 0 ? "/a" : "/b", `${i}`));
  await store.compact(19);
  const database = await readFile(`${file}-wal`);
  await store.compact(21);
  assert.deepEqual(await readFile(`${file}-wal`), database, "there was nothing to compact in the database");
  await assert.rejects(store.range({ ...all, revision: 20 }), { name: "CompactedError", compactRevision: 21 });
  assert.deepEqual(await values(store, 21), ["/a=18 2 20 10", "/b=19 2 21 11"]);
  assert.ok((await tailBytes(file)) > 0);
  const newest = await write(store, put("/c", "1"));
  assert.deepEqual(await values(store, 21), ["/a=18 2 20 10", "/b=19 2 21 11"]);
  const events = await firstEvents(store, { ...all, fromRevision: 21 }, 3);
  assert.deepEqual(events, ["put /b=19 (21<19)", "put /a=20 (22<20)", "put /c=1 (23<0)"]);
  await store.compact(newest);
  await store.close();
  using db = new DatabaseSync(file, { readOnly: true });
  assert.equal(db.prepare("SELECT count(*) AS n FROM log").get()?.n, 3);
});
