/** A store whose disk is full is killed while it deletes and writes: nothing acknowledged is lost, and it opens again. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { prefixEnd } from "../../src/store/store.ts";
import { insideLab, type Lab, startLab } from "./lab.testing.ts";

const KILLS = 20;
const LIVES_MS_MAX = 800;
const DISK_BYTES = 48 * 1024 * 1024;
const RESERVE_BYTES = 16 * 1024 * 1024;
const program = path.join(import.meta.dirname, "../../src/store/sqlite/full-disk-writer.testing.ts");

if (insideLab(import.meta.filename)) {
  test(`of ${KILLS} stores on a full disk that are killed, no promise is broken`, { timeout: 300_000 }, async (t) => {
    await using lab = await startLab();
    await using disk = await smallDisk(lab);
    const file = path.join(disk.folder, "store.db");
    /** What each key may hold: what was acknowledged last, and what was tried after that. */
    const may = new Map<string, readonly string[]>();
    const counts = new Map<string, number>();

    for (let run = 0; run < KILLS; run++) {
      const filling = run % 4 === 0 ? "rest" : "race";
      for (const line of await killedWriter(lab.home, file, run, filling)) {
        const [what = "", key = "", value = ""] = line.split(" ");
        const name = value === "-" ? `${what} deletion, ${filling}` : what;
        counts.set(name, (counts.get(name) ?? 0) + 1);
        if (what === "try") may.set(key, [...(may.get(key) ?? ["-"]), value]);
        else if (what === "acked") may.set(key, [value]);
        else if (what === "refused") may.set(key, (may.get(key) ?? []).slice(0, -1));
      }
      // The writer's filler has stayed: the disk is as full as it was.
      await using store = await openSqliteStore({ file, reserveBytes: RESERVE_BYTES });
      const { items } = await store.range({ start: "/", end: prefixEnd("/") });
      const has = new Map(items.map(({ key, value }) => [key, new TextDecoder().decode(value).trim()]));
      for (const [key, values] of may) {
        const found = has.get(key) ?? "-";
        assert.ok(values.includes(found), `run ${run}: ${key} holds ${found}, and may hold ${values.join(" or ")}`);
        may.set(key, [found]);
      }
      for (const key of has.keys()) assert.ok(may.has(key), `run ${run}: ${key} was never written`);
    }

    t.diagnostic(JSON.stringify(Object.fromEntries(counts)));
    const count = (name: string) => counts.get(name) ?? 0;
    for (const name of ["acked", "acked deletion, rest", "acked deletion, race", "refused", "full", "room"]) {
      assert.ok(count(name) > KILLS / 4, `the writers came to "${name}"`);
    }
    // In a race the filler may take what the reserve gives up before the store can use it.
    assert.equal(count("refused deletion, rest"), 0);
  });
}

async function smallDisk(lab: Lab): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = path.join(lab.home, "disk");
  const run = async (program: string, ...args: string[]) => {
    const { exitCode, stderr } = await lab.run(program, args);
    assert.equal(exitCode, 0, stderr);
  };
  await mkdir(folder);
  await run("mount", "-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "tmpfs", folder);
  return { folder, [Symbol.asyncDispose]: () => run("umount", folder) };
}

/** Runs a writer, kills it, and gives what it had reported. */
async function killedWriter(
  home: string,
  file: string,
  run: number,
  filling: "rest" | "race",
): Promise<readonly string[]> {
  const report = path.join(home, "report");
  const filler = path.join(path.dirname(file), "filler");
  const args = [program, file, filler, String(run), report, String(RESERVE_BYTES), filling];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  await sleep(Math.random() * LIVES_MS_MAX);
  const killed = child.kill("SIGKILL");
  await closed;
  assert.ok(killed, `writer ${run} ended by itself`);
  // The last line may have been cut by the kill.
  return (await readFile(report, "utf8")).split("\n").slice(0, -1);
}
