import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, readlink, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { Payload } from "./payload.ts";
import { writePayload } from "./write-payload.ts";

const payload = (files: Record<string, string>, mode = 0o644): Payload =>
  new Map(Object.entries(files).map(([name, text]) => [name, { data: new TextEncoder().encode(text), mode }]));

test("files show through the link, and all change at once", async () => {
  await using folder = await temporaryFolder();
  const read = (name: string) => readFile(path.join(folder.path, name), "utf8");
  assert.equal(await writePayload(folder.path, payload({ a: "1", "deep/b": "2" })), true);
  assert.deepEqual([await read("a"), await read("deep/b")], ["1", "2"]);
  assert.equal(await readlink(path.join(folder.path, "a")), "..data/a");

  const before = await readlink(path.join(folder.path, "..data"));
  assert.equal(await writePayload(folder.path, payload({ a: "1", "deep/b": "2" })), false, "nothing has changed");
  assert.equal(await readlink(path.join(folder.path, "..data")), before);

  assert.equal(await writePayload(folder.path, payload({ a: "3", c: "4" })), true);
  assert.deepEqual([await read("a"), await read("c")], ["3", "4"]);
  const names = (await readdir(folder.path)).toSorted();
  assert.equal(names.length, 4, "the link, its target, and two names: what is gone has gone");
  assert.deepEqual(names.slice(2), ["a", "c"]);
});

test("modes are as asked for, and another mode is a change", async () => {
  await using folder = await temporaryFolder();
  await writePayload(folder.path, payload({ key: "x" }, 0o400));
  assert.equal((await stat(path.join(folder.path, "key"))).mode & 0o777, 0o400);
  assert.equal(await writePayload(folder.path, payload({ key: "x" }, 0o440)), true);
});

async function temporaryFolder() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "payload-"));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
