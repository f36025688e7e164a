import assert from "node:assert/strict";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { createMemoryStore } from "../memory/memory-store.ts";
import { formatBatches } from "../store.testing.ts";
import type { Store, WriteOperation } from "../store.ts";
import { prefixEnd } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const all = { start: "/", end: prefixEnd("/") };
/** More than two batches of what `past` gets at once. */
const WRITES = 2_500;

/** A history in which keys are replaced, deleted and created again, the same each time. */
function operationOf(i: number): WriteOperation {
  const key = `/${(i * i) % 97}`;
  return i % 7 === 3 ? { type: "delete", key } : { type: "put", key, value: new TextEncoder().encode(`${i}`) };
}

async function readings(store: Store, from: number): Promise<unknown[]> {
  const newest = await store.revision();
  const revisions = Array.from({ length: 60 }, (_, i) => from + Math.floor(((newest - from) * i) / 59));
  const ranges = await Promise.all(
    revisions.flatMap((revision) => [
      store.range({ ...all, revision }),
      store.range({ start: "/2", end: "/6", revision, limit: 9 }),
      store.get("/4", { revision }),
    ]),
  );
  return [...ranges, await events(store, from, newest)];
}

async function events(store: Store, fromRevision: number, newest: number): Promise<string[]> {
  const ending = new AbortController();
  const seen: string[] = [];
  for await (const batch of store.watch({ ...all, fromRevision, progress: true, signal: ending.signal })) {
    seen.push(...formatBatches([batch]));
    if (batch.revision >= newest) ending.abort();
  }
  return seen;
}

test("history reads the same before and after it is indexed, compacted and opened again", async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "store.db");
  await using model = createMemoryStore();
  let store = await openSqliteStore({ file });
  const indexed = () => {
    using db = new DatabaseSync(file, { readOnly: true });
    return Number(db.prepare("SELECT count(*) AS n FROM past").get()?.n);
  };
  async function writeBoth(from: number, to: number): Promise<void> {
    const operations = Array.from({ length: to - from }, (_, i) => operationOf(from + i));
    const writes = operations.flatMap((o) => [store, model].map((s) => s.txn({ compare: [], success: [o] })));
    await Promise.all(writes);
  }
  async function compare(from: number): Promise<void> {
    assert.deepEqual(await readings(store, from), await readings(model, from));
  }

  await writeBoth(0, 900);
  assert.equal(indexed(), 0);
  await compare(2);
  await writeBoth(900, WRITES);
  assert.ok(indexed() > 900, "the past was indexed");
  await compare(2);
  const compacted = 1_500;
  await Promise.all([store, model].map((s) => s.compact(compacted)));
  await compare(compacted);
  await store.close();
  store = await openSqliteStore({ file });
  await compare(compacted);
  await writeBoth(WRITES, 2 * WRITES);
  await compare(compacted);
  const newest = await store.revision();
  await Promise.all([store, model].map((s) => s.compact(newest)));
  await compare(newest);
  assert.ok(indexed() <= 1, "compaction removes what it removes from the log from the index too");
  await store.close();
});
