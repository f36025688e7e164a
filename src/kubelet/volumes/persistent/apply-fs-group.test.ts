import assert from "node:assert/strict";
import { lstatSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { chmod, lstat, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { applyFsGroup } from "./apply-fs-group.ts";

/** A group that this program may give files to. */
const fsGroup = process.getgid?.() ?? 0;
const modeOf = async (file: string) => (await lstat(file)).mode & 0o7777;

/** A volume, and a file beside it that nothing may touch. */
async function start(t: TestContext) {
  const folder = await temporaryFolder(t);
  const volume = path.join(folder, "volume");
  const outside = path.join(folder, "outside");
  await mkdir(path.join(volume, "data"), { recursive: true });
  await mkdir(outside);
  await writeFile(path.join(outside, "secret"), "", { mode: 0o600 });
  return { folder, volume, outside, secret: path.join(outside, "secret") };
}

test("folders and files get the group's permissions, links lead nowhere", async (t) => {
  const { volume, outside, secret } = await start(t);
  await writeFile(path.join(volume, "data/file"), "", { mode: 0o600 });
  await chmod(path.join(volume, "data"), 0o700);
  await symlink(outside, path.join(volume, "link"));
  await symlink(secret, path.join(volume, "data/link"));
  await symlink("nowhere", path.join(volume, "dangling"));
  await applyFsGroup(volume, { fsGroup });
  assert.equal(await modeOf(path.join(volume, "data/file")), 0o660);
  assert.equal(await modeOf(path.join(volume, "data")), 0o2770);
  assert.equal(await modeOf(secret), 0o600);
});

test("a volume that is a link is what the link leads to", async (t) => {
  const { folder, volume } = await start(t);
  await writeFile(path.join(volume, "file"), "", { mode: 0o600 });
  await symlink("volume", path.join(folder, "link"));
  await applyFsGroup(path.join(folder, "link"), { fsGroup });
  assert.equal(await modeOf(path.join(volume, "file")), 0o660);
});

test("folders that are nested deeper than a path may be long are an error", async (t) => {
  const { volume } = await start(t);
  // Made from the inside out: no path leads to the innermost one.
  const long = "n".repeat(200);
  for (let depth = 0; depth < 30; depth++) {
    await mkdir(path.join(volume, "outer"));
    renameSync(path.join(volume, "data"), path.join(volume, "outer", long));
    renameSync(path.join(volume, "outer"), path.join(volume, "data"));
  }
  await assert.rejects(applyFsGroup(volume, { fsGroup }), /nested too deeply/);
});

/** Keeps replacing a file, and a folder, by links to what is outside. Ends when the first number of `shared` is not 0. */
function swap({ shared, volume, outside }: { shared: Int32Array; volume: string; outside: string }): void {
  const at = (name: string) => path.join(volume, name);
  while (Atomics.load(shared, 0) === 0) {
    writeFileSync(at("next"), "", { mode: 0o777 });
    renameSync(at("next"), at("file"));
    symlinkSync(path.join(outside, "secret"), at("next"));
    renameSync(at("next"), at("file"));
    renameSync(at("data"), at("moved"));
    symlinkSync(outside, at("data"));
    rmSync(at("data"));
    renameSync(at("moved"), at("data"));
    Atomics.add(shared, 1, 1);
  }
}

test("what is replaced by a link meanwhile is not followed", { timeout: 60_000 }, async (t) => {
  const { volume, outside, secret } = await start(t);
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const names = "renameSync, rmSync, symlinkSync, writeFileSync";
  const code = `const { ${names} } = require("node:fs"); const path = require("node:path"); (${swap})(require("node:worker_threads").workerData);`;
  const worker = new Worker(code, { eval: true, workerData: { shared, volume, outside } });
  const ended = new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
  try {
    for (let times = 0; times < 300 || Atomics.load(shared, 1) < 300; times++) {
      await applyFsGroup(volume, { fsGroup });
      assert.equal(lstatSync(secret).mode & 0o7777, 0o600, `after ${times} times`);
      assert.equal(lstatSync(outside).mode & 0o2000, 0, `after ${times} times`);
    }
  } finally {
    Atomics.store(shared, 0, 1);
    await ended;
  }
});
