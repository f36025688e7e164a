import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
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

test("folders and files belong to the group, which may read all of them", async () => {
  await using folder = await temporaryFolder();
  // The one group that a test without rights may give files to.
  const fsGroup = process.getgid?.() ?? 0;
  await writePayload(folder.path, payload({ key: "x", "deep/er/key": "y" }, 0o400), { inMemory: true, fsGroup });
  const modeOf = async (name: string) => ((await stat(path.join(folder.path, name))).mode & 0o7777).toString(8);
  assert.equal(await modeOf(""), "3777");
  assert.deepEqual(await Promise.all(["..data", "deep", "deep/er"].map(modeOf)), ["2755", "2755", "2755"]);
  assert.deepEqual(await Promise.all(["key", "deep/er/key"].map(modeOf)), ["440", "440"]);
});

test("what was cut off before every name was shown is finished", async () => {
  await using folder = await temporaryFolder();
  await writePayload(folder.path, payload({ a: "1" }));
  const old = await readlink(path.join(folder.path, "..data"));
  await mkdir(path.join(folder.path, "..new"));
  await writeFile(path.join(folder.path, "..new/b"), "2");
  await symlink("..new", path.join(folder.path, "..data_tmp"));
  await rename(path.join(folder.path, "..data_tmp"), path.join(folder.path, "..data"));
  await writePayload(folder.path, payload({ b: "2" }));
  const names = (await readdir(folder.path)).toSorted();
  assert.ok(names.includes("b"), "the new name shows");
  assert.ok(!names.includes("a"), "the old one does not");
  assert.ok(!names.includes(old), "nor is its file kept");
});

test("a new name is there before what it stands for is turned to", async () => {
  await using folder = await temporaryFolder();
  // Nothing can be turned to: a folder is in the way.
  await mkdir(path.join(folder.path, "..data/in-the-way"), { recursive: true });
  await assert.rejects(writePayload(folder.path, payload({ a: "1" })));
  assert.equal(await readlink(path.join(folder.path, "a")), "..data/a");
});

test("paths may be written in a roundabout way", async () => {
  await using folder = await temporaryFolder();
  const files = payload({ "./a": "1", "b//c/./d": "2" });
  assert.equal(await writePayload(folder.path, files), true);
  assert.equal(await readFile(path.join(folder.path, "a"), "utf8"), "1");
  assert.equal(await readFile(path.join(folder.path, "b/c/d"), "utf8"), "2");
  assert.equal(await writePayload(folder.path, files), false, "nothing has changed");
});

test("what is not of the files stays: a folder that was made for a subPath may be mounted", async () => {
  await using folder = await temporaryFolder();
  await writePayload(folder.path, payload({ a: "1" }));
  await mkdir(path.join(folder.path, "missing"));
  for (const text of ["1", "2"]) {
    await writePayload(folder.path, payload({ a: text }));
    assert.ok((await readdir(folder.path)).includes("missing"));
  }
});

test("files that cannot be written leave nothing behind", async () => {
  await using folder = await temporaryFolder();
  await writePayload(folder.path, payload({ a: "1" }));
  const before = (await readdir(folder.path)).toSorted();
  await assert.rejects(writePayload(folder.path, payload({ a: "2", "a/b": "3" })));
  assert.deepEqual((await readdir(folder.path)).toSorted(), before);
});

async function temporaryFolder() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "payload-"));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
