import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { ensureLocalImageArchives } from "./ensure-local-image-archives.ts";

test("the archive is made once, and replaces those of earlier versions", async (t) => {
  const cacheFolder = path.join(await temporaryFolder(t), "cache");
  const make = () => Promise.resolve(Buffer.from("images"));
  const [file = ""] = await ensureLocalImageArchives(cacheFolder, make);
  assert.equal(await readFile(file, "utf8"), "images");

  const fail = () => Promise.reject(new Error("made again"));
  assert.deepEqual(await ensureLocalImageArchives(cacheFolder, fail), [file]);

  await writeFile(path.join(cacheFolder, "containerd-0123"), "");
  await writeFile(path.join(cacheFolder, "pause-0-tools-1.tar"), "");
  await writeFile(path.join(cacheFolder, path.basename(file).replace("-r", "-r0-")), "");
  await rm(file);
  await ensureLocalImageArchives(cacheFolder, make);
  assert.deepEqual(await readdir(cacheFolder), ["containerd-0123", path.basename(file)]);
});

test("an archive that cannot be made leaves nothing, and the next attempt makes it", async (t) => {
  const cacheFolder = await temporaryFolder(t);
  await assert.rejects(
    ensureLocalImageArchives(cacheFolder, () => Promise.reject(new Error("no busybox"))),
    {
      message: "no busybox",
    },
  );
  assert.deepEqual(await readdir(cacheFolder), []);
  await ensureLocalImageArchives(cacheFolder, () => Promise.resolve(Buffer.from("images")));
  assert.equal((await readdir(cacheFolder)).length, 1);
});
