import assert from "node:assert/strict";
import { watch } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { writeAtomically } from "./write-atomically.ts";

const NAME = "10-fairlead.conflist";

test("a configuration is written, and nothing else is left", async (t) => {
  const folder = path.join(await temporaryFolder(t), "net.d");
  assert.equal(await writeAtomically(path.join(folder, NAME), "one"), true);
  assert.equal(await readFile(path.join(folder, NAME), "utf8"), "one");
  assert.deepEqual(await readdir(folder), [NAME]);
});

test("one that already says so is left alone, another one is replaced", async (t) => {
  const file = path.join(await temporaryFolder(t), NAME);
  await writeFile(file, "one");
  assert.equal(await writeAtomically(file, "one"), false);
  assert.equal(await writeAtomically(file, "two"), true);
  assert.equal(await readFile(file, "utf8"), "two");
});

test("who watches the folder sees the file come whole, and then something go", async (t) => {
  const folder = await temporaryFolder(t);
  const seen: string[] = [];
  const heard = Promise.withResolvers<void>();
  // Linux calls it a change where something is written: such a file would be read half-written.
  const watcher = watch(folder, (event, name) => {
    seen.push(`${event} ${name?.startsWith(".fairlead-") === true ? "draft's folder" : name}`);
    if (seen.length === 3) heard.resolve();
  });
  t.after(() => watcher.close());
  await writeAtomically(path.join(folder, NAME), "one");
  await heard.promise;
  assert.deepEqual(seen, ["rename draft's folder", `rename ${NAME}`, "rename draft's folder"]);
});

test("what cannot be put into place leaves no draft", async (t) => {
  const folder = await temporaryFolder(t);
  await writeAtomically(path.join(folder, NAME, "a folder is in its place"), "");
  await assert.rejects(writeAtomically(path.join(folder, NAME), "one"), { code: "EISDIR" });
  assert.deepEqual(await readdir(folder), [NAME]);
});
