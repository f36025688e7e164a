import assert from "node:assert/strict";
import { mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import type { TemplateSources } from "./template-folder.ts";
import { templateFolder, templateName } from "./template-folder.ts";

const containerd = { path: "/usr/bin/containerd", size: 10, mtimeMs: 1_000 };
const archive = { path: "/cache/images.tar", size: 20, mtimeMs: 2_000 };
const sources: TemplateSources = { containerd, archives: [archive] };

test("the same sources have the same template", () => {
  assert.equal(templateName(structuredClone(sources)), templateName(sources));
  assert.match(templateName(sources), /^containerd-[0-9a-f]{16}$/);
});

const others: { name: string; sources: TemplateSources }[] = [
  {
    name: "another containerd of the same size",
    sources: { ...sources, containerd: { ...containerd, mtimeMs: 1_001 } },
  },
  { name: "another containerd of the same time", sources: { ...sources, containerd: { ...containerd, size: 11 } } },
  { name: "a containerd elsewhere", sources: { ...sources, containerd: { ...containerd, path: "/opt/containerd" } } },
  { name: "an archive made again", sources: { ...sources, archives: [{ ...archive, mtimeMs: 2_001 }] } },
  { name: "an archive of another version", sources: { ...sources, archives: [{ ...archive, path: "/cache/2.tar" }] } },
  { name: "one archive more", sources: { ...sources, archives: [archive, archive] } },
  { name: "no archive", sources: { ...sources, archives: [] } },
];
for (const { name, sources: other } of others) {
  test(`${name} has another template`, () => assert.notEqual(templateName(other), templateName(sources)));
}

/** A cache with an archive, and two folders with a containerd: the second one is a link. */
async function start(t: TestContext) {
  const root = await temporaryFolder(t);
  const at = (...names: string[]) => path.join(root, ...names);
  for (const name of ["none", "first", "second"]) await mkdir(at(name));
  await writeFile(at("images.tar"), "images");
  await writeFile(at("first/containerd"), "1.6");
  await writeFile(at("second/containerd-1.7"), "1.7");
  await symlink("containerd-1.7", at("second/containerd"));
  const find = (...folders: string[]) => templateFolder(root, [at("images.tar")], folders.map((f) => at(f)).join(":"));
  return { root, at, find };
}

test("containerd is the first on the path, and only its file counts", async (t) => {
  const { root, find } = await start(t);
  const found = await find("none", "first", "second");
  assert.equal(path.dirname(found ?? ""), root);
  assert.equal(await find("first"), found);
  assert.notEqual(await find("second", "first"), found);
});

test("an upgrade of the file that containerd links to is noticed", async (t) => {
  const { at, find } = await start(t);
  const before = await find("second");
  await utimes(at("second/containerd-1.7"), 1, 1);
  assert.notEqual(await find("second"), before);
});

test("without containerd, or without an archive, there is no template", async (t) => {
  const { at, find } = await start(t);
  assert.equal(await find("none"), undefined);
  assert.equal(await find(), undefined);
  await rm(at("images.tar"));
  assert.equal(await find("first"), undefined);
});
