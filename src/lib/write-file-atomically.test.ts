import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./temporary-folder.testing.ts";
import { writeFileAtomically } from "./write-file-atomically.ts";

test("a new file is for its owner's eyes only, and nothing else is left in the folder", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFileAtomically(path.join(folder, "a"), "one");
  assert.equal(await readFile(path.join(folder, "a"), "utf8"), "one");
  assert.equal((await stat(path.join(folder, "a"))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ["a"]);
});

test("an old file is replaced, not written into", async (t) => {
  const file = path.join(await temporaryFolder(t), "a");
  await writeFile(file, "old, and longer");
  const before = await stat(file);
  await writeFileAtomically(file, Buffer.from("new"), 0o644);
  assert.equal(await readFile(file, "utf8"), "new");
  assert.notEqual((await stat(file)).ino, before.ino);
});

test("of many writers at once one wins whole", async (t) => {
  const folder = await temporaryFolder(t);
  const texts = Array.from({ length: 10 }, (_, i) => String(i).repeat(10_000));
  await Promise.all(texts.map((text) => writeFileAtomically(path.join(folder, "a"), text)));
  assert.ok(texts.includes(await readFile(path.join(folder, "a"), "utf8")));
  assert.deepEqual(await readdir(folder), ["a"]);
});

test("a draft that cannot take its place is removed", async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, "a", "inner"), { recursive: true });
  await assert.rejects(writeFileAtomically(path.join(folder, "a"), "text"));
  assert.deepEqual(await readdir(folder), ["a"]);
});
