import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = await mkdtemp(path.join(tmpdir(), "bundle-"));
after(() => rm(folder, { recursive: true, force: true }));
await run(process.execPath, [path.join(import.meta.dirname, "make-bundle.ts"), folder]);
const main = path.join(folder, "bundle", "cli", "main.js");
const compiled = path.join(folder, "compile");

/** Runs the bundle, as the launcher does. */
async function fairlead(...words: string[]): Promise<string> {
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const { stdout } = await run(process.execPath, [main, ...words], { env });
  return stdout;
}

async function codeFile(): Promise<string> {
  const names = (await readdir(compiled)).filter((name) => name.endsWith(".code"));
  assert.equal(names.length, 1, names.join());
  return path.join(compiled, names[0] ?? "");
}

test("a command keeps its compiled code, and finds it the next time", async () => {
  assert.match(await fairlead("version"), /^fairlead \d/);
  const { mtimeMs, size } = await stat(await codeFile());
  assert.match(await fairlead("version"), /^fairlead \d/);
  assert.equal((await stat(await codeFile())).mtimeMs, mtimeMs);
  assert.ok(size > 100_000, `${size} bytes`);
});

test("damaged code is compiled again", async () => {
  await fairlead("version");
  const file = await codeFile();
  const good = await readFile(file);
  await writeFile(file, Buffer.alloc(good.length, 7));
  assert.match(await fairlead("version"), /^fairlead \d/);
  const again = await readFile(file);
  assert.notDeepEqual(again, Buffer.alloc(good.length, 7));
});

test("a command that fails keeps nothing", async () => {
  await assert.rejects(fairlead("down", "--no-such-flag"), /unknown flag|no-such-flag/i);
  assert.deepEqual(
    (await readdir(compiled)).filter((name) => name.includes("-down")),
    [],
  );
});

const programs = ["server", "node", "dns"];

for (const program of programs) {
  test(`the script of "run ${program}" runs`, async () => {
    assert.match(await fairlead("run", program, "--help"), new RegExp(`Usage: fairlead run ${program} `));
    await assert.rejects(fairlead("run", program, "--wrong"), /--wrong/);
  });
}

test("the script of commands knows the programs' flags", async () => {
  assert.match(await fairlead("help", "run", "server"), /--advertise-address IP/);
});

test("the scripts are ASCII: they are read so", async () => {
  const cli = path.join(folder, "bundle", "cli");
  const scripts = (await readdir(cli)).filter((name) => name.endsWith(".js"));
  assert.deepEqual(scripts.sort(), ["commands.js", "dns.js", "main.js", "node.js", "server.js", "supervise.js"]);
  for (const name of scripts) {
    assert.equal(
      (await readFile(path.join(cli, name))).findIndex((byte) => byte > 127),
      -1,
      name,
    );
  }
});
