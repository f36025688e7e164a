import assert from "node:assert/strict";
import { chmod, link, lstat, mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { createLogger } from "@fairlead/lib/log";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { watchSeeding } from "./prepare-images.ts";
import { isSeededFrom, seedMachine } from "./seed-machine.ts";

const LIMIT = { timeout: 60_000 };

/** A template with two names for one program, and a machine whose folder does not exist. */
async function start(t: TestContext) {
  const folder = await temporaryFolder(t);
  const template = path.join(folder, "containerd-1");
  await mkdir(path.join(template, "fs/tmp"), { recursive: true });
  await chmod(path.join(template, "fs/tmp"), 0o1777);
  await writeFile(path.join(template, "fs/busybox"), "busybox", { mode: 0o755 });
  await link(path.join(template, "fs/busybox"), path.join(template, "fs/ls"));
  await symlink("/usr/bin/bash", path.join(template, "fs/bash"));
  const root = path.join(folder, "machine");
  const machine = { root, containerd: path.join(root, "containerd"), seed: path.join(root, "image-template") };
  const lines: string[] = [];
  const log = createLogger((line) => lines.push(line));
  return { template, machine, log, lines, at: (...names: string[]) => path.join(machine.containerd, ...names) };
}

test("a new machine gets a copy of its own: modes and links stay, nothing is shared", LIMIT, async (t) => {
  const { template, machine, log, lines, at } = await start(t);
  await seedMachine({ machine, template, log });
  assert.deepEqual(lines, []);
  assert.equal((await stat(at("fs/tmp"))).mode & 0o7777, 0o1777);
  assert.equal((await stat(at("fs/ls"))).mode & 0o7777, 0o755);
  assert.equal(await readlink(at("fs/bash")), "/usr/bin/bash");
  const { ino, nlink } = await lstat(at("fs/busybox"));
  assert.equal((await lstat(at("fs/ls"))).ino, ino);
  assert.equal(nlink, 2);
  await writeFile(at("fs/busybox"), "changed");
  assert.equal(await readFile(path.join(template, "fs/busybox"), "utf8"), "busybox");
  assert.deepEqual((await readdir(machine.root)).sort(), ["containerd", "image-template"]);
});

for (const { name, files } of [
  { name: "that has images", files: { "meta.db": "mine" } },
  { name: "whose folder is empty, as it may be mounted", files: {} },
]) {
  test(`a machine ${name} keeps what it has, and is not taken for seeded`, LIMIT, async (t) => {
    const { template, machine, log, at } = await start(t);
    await mkdir(machine.containerd, { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(at(file), text);
    await seedMachine({ machine, template, log });
    assert.deepEqual(await readdir(machine.containerd), Object.keys(files));
    assert.equal(await isSeededFrom(machine, template), false);
  });
}

test("a copy that was cut off is made again", LIMIT, async (t) => {
  const { template, machine, log, at } = await start(t);
  await mkdir(`${machine.containerd}.new/fs`, { recursive: true });
  await writeFile(`${machine.containerd}.new/fs/half`, "");
  await seedMachine({ machine, template, log });
  assert.deepEqual((await readdir(at("fs"))).sort(), ["bash", "busybox", "ls", "tmp"]);
  assert.deepEqual((await readdir(machine.root)).sort(), ["containerd", "image-template"]);
});

const failures: { name: string; spoil: (paths: { template: string; root: string }) => Promise<void>; says: RegExp }[] =
  [
    {
      name: "there is no template",
      spoil: ({ template }) => rm(template, { recursive: true }),
      says: / info +No image t/,
    },
    {
      name: "it cannot be copied",
      spoil: ({ root }) => writeFile(root, ""),
      says: / warn +Cannot copy the image template/,
    },
  ];
for (const { name, spoil, says } of failures) {
  test(`a machine starts without images when ${name}, and the log says why`, LIMIT, async (t) => {
    const { template, machine, log, lines } = await start(t);
    await spoil({ template, root: machine.root });
    await seedMachine({ machine, template, log });
    assert.match(lines.join(""), says);
    assert.equal(await isSeededFrom(machine, template), false);
  });
}

test("a node has the images when its machine was new and was copied from this template", LIMIT, async (t) => {
  const { template, machine, log } = await start(t);
  const folder = { machine: () => machine };
  const nodes = [{ name: "a" }];
  const before = watchSeeding(folder, nodes, { template });
  assert.equal(await before("a"), false, "not copied yet");
  await seedMachine({ machine, template, log });
  assert.equal(await before("a"), true);
  assert.equal(await before("b"), false, "an unknown node");
  assert.equal(await watchSeeding(folder, nodes, { template: "/cache/containerd-2" })("a"), false, "another template");
  assert.equal(await watchSeeding(folder, nodes, { template })("a"), false, "ran before: images may be missing");
  assert.equal(await watchSeeding(folder, nodes, { template: undefined })("a"), false, "no template");
});
