import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { removeSubPathTargets } from "./bind-sub-path.ts";

test("empty targets are removed with the folders that they are in", async (t) => {
  const folder = await temporaryFolder(t);
  const targets = path.join(folder, "volume-subpaths");
  await removeSubPathTargets(targets);
  await mkdir(path.join(targets, "v/app/0"), { recursive: true });
  await writeFile(path.join(targets, "v/app/1"), "");
  await removeSubPathTargets(targets);
  assert.deepEqual(await readdir(folder), []);
});

test("a target that is not empty stays, with what is in it", async (t) => {
  const targets = await temporaryFolder(t);
  await mkdir(path.join(targets, "v/app/0"), { recursive: true });
  await writeFile(path.join(targets, "v/app/0/file"), "kept");
  await assert.rejects(removeSubPathTargets(targets), { code: "ENOTEMPTY" });
  assert.deepEqual(await readdir(path.join(targets, "v/app/0")), ["file"]);
});
