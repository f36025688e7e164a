import assert from "node:assert/strict";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { put, write } from "../store.testing.ts";
import { prefixEnd } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const all = { start: "/", end: prefixEnd("/") };

async function open(t: TestContext) {
  const clock = createFakeClock();
  const store = await openSqliteStore({ file: path.join(await temporaryFolder(t), "store.db"), clock });
  t.after(() => store.close());
  return { clock, store };
}

test("writes are carried out between the transactions that delete expired keys", async (t) => {
  const { clock, store } = await open(t);
  const keys = Array.from({ length: 3_000 }, (_, i) => `/k${i}`);
  for (let i = 0; i < keys.length; i += 1_000) {
    await write(store, ...keys.slice(i, i + 1_000).map((key) => put(key, "1", 1)));
  }
  const ending = new AbortController();
  let left = keys.length;
  let written: Promise<number> | undefined;
  let last = 0;
  await clock.advance(5_000);
  for await (const { events, revision } of store.watch({ ...all, fromRevision: 5, signal: ending.signal })) {
    written ??= write(store, put("/other", "1"));
    left -= events.filter(({ type }) => type === "delete").length;
    if (left === 0 && last === 0) {
      last = revision;
      ending.abort();
    }
  }
  const other = await written;
  assert.ok(other !== undefined && other < last, `written at ${other}, the last key deleted at ${last}`);
});
