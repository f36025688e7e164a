import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { prefixEnd } from "../store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const KILLS = 50;
const program = path.join(import.meta.dirname, "crash-writer.testing.ts");

test(`of ${KILLS} writers killed in the middle, no promise is broken`, { timeout: 1_200_000 }, async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "store.db");
  /** What was said of each revision, in all runs: a revision that is used twice contradicts itself. */
  const said = new Map<number, string>();
  let newestSaid = 1;
  let lines = 0;

  for (let run = 0; run < KILLS; run++) {
    for (const [what, revision, key] of await killedWriter(file, run)) {
      lines += 1;
      assert.equal(said.get(revision) ?? key, key, `${what}: revision ${revision} was used twice`);
      said.set(revision, key);
      newestSaid = Math.max(newestSaid, revision);
    }
    await using store = await openSqliteStore({ file });
    const revision = await store.revision();
    assert.ok(
      revision >= newestSaid,
      `revision ${newestSaid} was shown in run ${run}, and the store is at ${revision}`,
    );
  }

  const history = await everything(file);
  for (const [revision, key] of said) assert.equal(history.get(revision), key, `revision ${revision} is lost`);
  assert.ok(lines > KILLS * 10, "the writers came to something");
  t.diagnostic(`${history.size} writes, ${lines} promises`);
});

/** Runs a writer, kills it within 80 ms of being ready, and gives what it had promised. */
async function killedWriter(file: string, run: number): Promise<(readonly [string, number, string])[]> {
  const report = `${file}.report`;
  const child = spawn(process.execPath, [program, file, String(run), report], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  await sleep(Math.random() * 80);
  child.kill("SIGKILL");
  await closed;
  // The last line may have been cut by the kill.
  const lines = (await readFile(report, "utf8")).split("\n").slice(0, -1);
  return lines.map((line) => {
    const [what = "", revision = "", key = ""] = line.split(" ");
    return [what, Number(revision), key] as const;
  });
}

async function everything(file: string): Promise<Map<number, string>> {
  await using store = await openSqliteStore({ file });
  const newest = await store.revision();
  const ending = new AbortController();
  const found = new Map<number, string>();
  for await (const batch of store.watch({
    start: "/",
    end: prefixEnd("/"),
    fromRevision: 2,
    progress: true,
    signal: ending.signal,
  })) {
    for (const event of batch.events) if (event.type === "put") found.set(event.item.modRevision, event.item.key);
    if (batch.revision >= newest) ending.abort();
  }
  return found;
}
