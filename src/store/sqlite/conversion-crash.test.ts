import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { formatBatches } from "../store.testing.ts";
import { prefixEnd } from "../store.ts";
import { createLayout1, type Layout1Row } from "./layout-1.testing.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const KILLS = 20;
/** Of those, so many at least have to come before the conversion's end. */
const KILLS_IN_THE_MIDDLE = 5;
/** By this factor the time until a kill is shortened when it came too late, and prolonged when it did not. */
const ADAPTED_BY = 0.8;
const KEYS = 1_500;
const REVISIONS = 6_000;
const all = { start: "/", end: prefixEnd("/") };
const program = path.join(import.meta.dirname, "convert.testing.ts");

test(`a conversion killed ${KILLS} times or more loses and changes nothing`, { timeout: 600_000 }, async (t) => {
  const folder = await temporaryFolder(t);
  const original = path.join(folder, "original.db");
  createLayout1(original, history());
  const file = path.join(folder, "store.db");
  const counts = { begun: 0, converted: 0 };

  await copyFile(original, file);
  const conversionMs = await killedConversion(file, Number.POSITIVE_INFINITY);
  const wanted = await digest(file);
  let withinMs = conversionMs;
  for (let run = 0; run < KILLS || counts.begun < KILLS_IN_THE_MIDDLE; run++) {
    await rm(file);
    await copyFile(original, file);
    await killedConversion(file, Math.random() * withinMs);
    const isConverted = layoutOf(file) === 3;
    counts[isConverted ? "converted" : "begun"] += 1;
    // How long a conversion takes depends on what else the machine does.
    withinMs *= isConverted ? ADAPTED_BY : 1 / ADAPTED_BY;
    assert.equal(await digest(file), wanted, `run ${run}`);
  }
  t.diagnostic(`${JSON.stringify(counts)}, ${Math.round(conversionMs)} ms undisturbed`);
});

/** Keys that are created, changed, deleted and created again. */
function history(): readonly Layout1Row[] {
  interface Live {
    readonly row: number;
    readonly createRevision: number;
    readonly version: number;
  }
  const live = new Map<string, Live>();
  const rows = new Map<number, Layout1Row>();
  for (let revision = 4; revision < 4 + REVISIONS; revision++) {
    const key = `/${(revision * 7_919) % KEYS}`;
    const id = revision * 1_000;
    const previous = live.get(key);
    const replaced = previous && rows.get(previous.row);
    if (replaced) rows.set(replaced[0], replaced.with(5, revision) as unknown as Layout1Row);
    if (previous !== undefined && revision % 5 === 0) {
      rows.set(id, [id, key, 0, 0, previous.row, revision, null, null]);
      live.delete(key);
      continue;
    }
    const { createRevision = revision, version = 0 } = previous ?? {};
    const expiresMs = revision % 11 === 0 ? 4_000_000_000_000 : null;
    const value = `${revision} `.repeat(200);
    rows.set(id, [id, key, createRevision, version + 1, previous?.row ?? null, null, expiresMs, value]);
    live.set(key, { row: id, createRevision, version: version + 1 });
  }
  return [...rows.values()];
}

/**
 * Converts a file in a process that is killed so long after the first page of the conversion was written, and answers how
 * long the conversion took from there if it was not.
 */
async function killedConversion(file: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [program, file], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  const ended = Promise.race([once(child.stdout, "data"), closed]);
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && (await walBytes(file)) === 0);
  const startMs = performance.now();
  await Promise.race([ended, ...(Number.isFinite(afterMs) ? [sleep(afterMs)] : [])]);
  const tookMs = performance.now() - startMs;
  assert.ok(child.kill("SIGKILL"), "it waits to be killed");
  await closed;
  return tookMs;
}

async function walBytes(file: string): Promise<number> {
  return await stat(`${file}-wal`).then(
    ({ size }) => size,
    () => 0,
  );
}

function layoutOf(file: string): number {
  using db = new DatabaseSync(file);
  return Number(db.prepare("PRAGMA user_version").get()?.user_version);
}

/** Everything that the store has: its values now and at earlier revisions, and every change. */
async function digest(file: string): Promise<string> {
  await using store = await openSqliteStore({ file });
  const hash = createHash("sha256");
  const newest = await store.revision();
  for (const revision of [newest, newest - 1, Math.floor(newest / 2), 4]) {
    const { items } = await store.range({ ...all, revision });
    for (const { value, ...item } of items) hash.update(JSON.stringify(item)).update(value);
  }
  await assert.rejects(store.range({ ...all, revision: 2 }), { name: "CompactedError", compactRevision: 3 });
  const ending = new AbortController();
  const changes = store.watch({ ...all, fromRevision: 3, progress: true, signal: ending.signal });
  for await (const batch of changes) {
    hash.update(formatBatches([batch]).join());
    if (batch.revision >= newest) ending.abort();
  }
  return hash.digest("hex");
}
