import assert from "node:assert/strict";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { firstEvents, put, write } from "../store.testing.ts";
import { prefixEnd } from "../store.ts";
import { createLayout1, type Layout1Row } from "./layout-1.testing.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const all = { start: "/", end: prefixEnd("/") };

/** /a was replaced twice, /b deleted and /c will expire. A row that compaction had not got to yet is left of /a. */
const ROWS: readonly Layout1Row[] = [
  [2_000, "/a", 2, 1, null, 3, null, "a1"],
  [3_000, "/a", 2, 2, 2_000, 6, null, "a2"],
  [4_000, "/b", 4, 1, null, 5, null, "b1"],
  [5_000, "/b", 0, 0, 4_000, 5, null, null],
  [6_000, "/a", 2, 3, 3_000, null, null, "a3"],
  [6_001, "/c", 6, 1, null, null, 1, "c1"],
];

async function storeOfLayout1(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "store.db");
  createLayout1(file, ROWS);
  return file;
}

test("a store of layout 1 is opened with its values, history, compaction and times to live", async (t) => {
  const file = await storeOfLayout1(t);
  const store = await openSqliteStore({ file });
  const valuesAt = async (revision: number) => {
    const { items } = await store.range({ ...all, revision });
    return items.map((i) => `${i.key}=${Buffer.from(i.value)} ${i.createRevision} ${i.modRevision} ${i.version}`);
  };
  assert.deepEqual(
    [await valuesAt(3), await valuesAt(4), await valuesAt(5), await valuesAt(6)],
    [["/a=a2 2 3 2"], ["/a=a2 2 3 2", "/b=b1 4 4 1"], ["/a=a2 2 3 2"], ["/a=a3 2 6 3", "/c=c1 6 6 1"]],
  );
  await assert.rejects(store.range({ ...all, revision: 2 }), { name: "CompactedError", compactRevision: 3 });
  const history = ["put /a=a2 (3<2)", "put /b=b1 (4<0)", "delete /b (5<4)", "put /a=a3 (6<3)", "put /c=c1 (6<0)"];
  assert.deepEqual(await firstEvents(store, { ...all, fromRevision: 3 }, 6), [...history, "delete /c (7<6)"]);
  assert.equal(await write(store, put("/a", "a4")), 8);
  await store.compact(8);
  await store.close();

  await using again = await openSqliteStore({ file });
  assert.equal((await again.get("/a")).item?.version, 4);
  using db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare("SELECT id FROM log ORDER BY id").all();
  assert.deepEqual(
    rows.map(({ id }) => id),
    [6_000, 8_000],
  );
});

test("a store of layout 1 that is larger than its limit is opened", async (t) => {
  const file = await storeOfLayout1(t);
  await using store = await openSqliteStore({ file, maxBytes: 4_096 });
  assert.equal((await store.range(all)).items[0]?.version, 3);
});

test("a store of layout 2 is opened, and then refused by programs that know no tail", async (t) => {
  const file = path.join(await temporaryFolder(t), "store.db");
  const first = await openSqliteStore({ file });
  await write(first, put("/a", "a1"));
  await first.close();
  {
    using db = new DatabaseSync(file);
    db.exec("PRAGMA user_version = 2");
  }
  await using again = await openSqliteStore({ file });
  assert.equal((await again.get("/a")).item?.version, 1);
  using db = new DatabaseSync(file, { readOnly: true });
  assert.equal(db.prepare("PRAGMA user_version").get()?.user_version, 3);
});
