import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { ensureTemplate } from "./ensure-template.ts";

const LIMIT = { timeout: 60_000 };

/** A cache with an archive. `made` has the folders that were asked for. */
async function start(t: TestContext) {
  const searchPath = await temporaryFolder(t);
  await writeFile(path.join(searchPath, "containerd"), "1.6");
  const cacheFolder = await temporaryFolder(t);
  const archives = [path.join(cacheFolder, "images.tar")];
  await writeFile(path.join(cacheFolder, "images.tar"), "images");
  const made: string[] = [];
  const make = async (folder: string) => {
    made.push(folder);
    await mkdir(folder);
    await writeFile(path.join(folder, "meta.db"), "whole");
  };
  const templates = async () => (await readdir(cacheFolder)).filter((name) => name !== "images.tar");
  return { options: { cacheFolder, archives, searchPath, make }, made, templates };
}

test("a template is made once, under another name until it is whole", LIMIT, async (t) => {
  const { options, made, templates } = await start(t);
  const [one, other] = await Promise.all([ensureTemplate(options), ensureTemplate(options)]);
  assert.equal(await ensureTemplate(options), one);
  assert.equal(other, one);
  assert.equal(made.length, 1);
  assert.notEqual(made[0], one);
  assert.equal(await readFile(path.join(one, "meta.db"), "utf8"), "whole");
  assert.deepEqual(await templates(), [path.basename(one)]);
});

test("drafts of a killed process and templates of other sources are removed", LIMIT, async (t) => {
  const { options, templates } = await start(t);
  const first = await ensureTemplate(options);
  await mkdir(`${first}.0123456789ab.tmp/io.containerd.metadata.v1.bolt`, { recursive: true });
  await writeFile(path.join(options.searchPath, "containerd"), "1.7.0");
  const second = await ensureTemplate(options);
  assert.notEqual(second, first);
  assert.deepEqual(await templates(), [path.basename(second)]);
});

test("one that cannot be made leaves nothing, and is tried again", LIMIT, async (t) => {
  const { options, made, templates } = await start(t);
  const make = async (folder: string) => {
    await options.make(folder);
    throw new Error("no room");
  };
  await assert.rejects(ensureTemplate({ ...options, make }), { message: "no room" });
  assert.deepEqual(await templates(), []);
  await ensureTemplate(options);
  assert.equal(made.length, 2);
});

test("without containerd none is made", LIMIT, async (t) => {
  const { options, made } = await start(t);
  await assert.rejects(ensureTemplate({ ...options, searchPath: "" }), {
    message: /containerd or an archive is missing$/,
  });
  assert.deepEqual(made, []);
});
