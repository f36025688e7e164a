import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { openLog, rotateLog } from "./log-file.ts";

const LIMIT_BYTES = 10 * 1024 * 1024;

test("a program's output is added to what the log has", async (t) => {
  const file = path.join(await temporaryFolder(t), "x.log");
  for (const word of ["one", "two"]) {
    const log = await openLog(file);
    const ended = once(spawn("echo", [word], { stdio: ["ignore", log.fd, log.fd] }), "exit");
    await log.close();
    await ended;
  }
  assert.equal(await readFile(file, "utf8"), "one\ntwo\n");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test("a log below the limit stays unchanged", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, "x.log"), "a line\n");
  await rotateLog(path.join(folder, "x.log"));
  assert.deepEqual(await readdir(folder), ["x.log"]);
});

test("a log that is not there is no error", async (t) => {
  const folder = await temporaryFolder(t);
  await rotateLog(path.join(folder, "x.log"));
  assert.deepEqual(await readdir(folder), []);
});

test("a large log is moved away while its program goes on writing, and two old ones are kept", async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "x.log");
  const log = await openLog(file);
  t.after(() => log.close());
  for (const word of ["first", "second", "third"]) {
    writeSync(log.fd, `${word}\n`);
    await truncate(file, LIMIT_BYTES);
    await rotateLog(file);
    assert.equal((await stat(file)).size, 0);
  }
  assert.deepEqual((await readdir(folder)).sort(), ["x.log", "x.log.1", "x.log.2"]);
  const words = await Promise.all(["x.log.1", "x.log.2"].map((name) => firstLine(path.join(folder, name))));
  assert.deepEqual(words, ["third", "second"]);
});

async function firstLine(file: string): Promise<string | undefined> {
  return (await readFile(file, "utf8")).split("\n")[0];
}
