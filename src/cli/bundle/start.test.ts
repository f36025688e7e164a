import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "@fairlead/lib/free-port.testing";

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

test("a program keeps its compiled code while it runs: it may be killed at its end", { timeout: 60_000 }, async (t) => {
  const credentials = path.join(folder, "credentials");
  await mkdir(credentials);
  // No API server answers there: the program waits for one.
  const kubeconfig = {
    ...{ apiVersion: "v1", kind: "Config", "current-context": "x" },
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  };
  await writeFile(path.join(credentials, "dns.kubeconfig"), JSON.stringify(kubeconfig));
  const cache = path.join(folder, "compiled-of-a-program");
  const words = [
    "run",
    "dns",
    "--node-name",
    "n1",
    "--credentials",
    credentials,
    "--listen",
    `127.0.0.1:${await freePort()}`,
  ];
  const env = { ...process.env, NODE_COMPILE_CACHE: cache };
  const child = spawn(process.execPath, [main, ...words], { env, stdio: "ignore" });
  t.after(() => child.kill("SIGKILL"));
  const kept = async () => (await readdir(cache).catch(() => [])).some((name) => name.endsWith("-dns.code"));
  while (!(await kept())) {
    assert.equal(child.exitCode, null, "the program has ended");
    await pause(50);
  }
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
