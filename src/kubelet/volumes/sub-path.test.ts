import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { prepareSubPath } from "./sub-path.ts";

let root: string;
let volume: string;
let outside: string;
before(async () => {
  root = await realpath(await mkdtemp(path.join(os.tmpdir(), "sub-path-")));
  [volume, outside] = [path.join(root, "volume"), path.join(root, "outside")];
  await mkdir(path.join(volume, "there"), { recursive: true });
  await mkdir(outside);
  await writeFile(path.join(volume, "file"), "kept");
  await symlink(outside, path.join(volume, "out"));
  await symlink("there", path.join(volume, "in"));
  await symlink("nowhere", path.join(volume, "broken"));
});
after(() => rm(root, { recursive: true, force: true }));

const cases: { subPath: string; want: string | RegExp }[] = [
  { subPath: "there", want: "there" },
  { subPath: "file", want: "file" },
  { subPath: "new/deep/", want: "new/deep" },
  { subPath: "in/new", want: "there/new" },
  { subPath: "..data", want: "..data" },
  { subPath: "/etc", want: /must not be an absolute path/ },
  { subPath: "there/../../outside", want: /must not contain '\.\.'/ },
  { subPath: "out", want: /^failed to prepare subPath for volumeMount "v" of container "app"$/ },
  { subPath: "out/new", want: /^failed to create subPath directory for volumeMount "v" of container "app"$/ },
  { subPath: "broken", want: /^failed to create subPath directory/ },
  { subPath: "file/below", want: /^failed to create subPath directory/ },
];

for (const { subPath, want } of cases) {
  test(`subPath ${subPath}: ${want}`, async () => {
    const made = prepareSubPath(volume, subPath, { container: "app", volumeName: "v" });
    if (typeof want === "string") assert.equal(await made, path.join(volume, want));
    else await assert.rejects(made, { name: "VolumeError", message: want });
    assert.deepEqual(await readdir(outside), [], "nothing may be made outside");
  });
}

test("a folder that is made may be used as the volume may be, whatever the umask", async () => {
  const shared = path.join(root, "shared");
  await mkdir(shared);
  for (const mode of [0o777, 0o770]) {
    await chmod(shared, mode);
    const made = await prepareSubPath(shared, `m${mode}/deep`, { container: "app", volumeName: "v" });
    assert.equal((await stat(made)).mode & 0o7777, mode);
    assert.equal((await stat(path.dirname(made))).mode & 0o7777, mode);
  }
});

test("a part of a volume that is not there", async () => {
  const gone = path.join(root, "gone");
  const of = { container: "app", volumeName: "v" };
  const message = `stat ${gone}: no such file or directory`;
  await assert.rejects(prepareSubPath(gone, "part", of), { name: "VolumeError", message });
  await symlink("loop", path.join(volume, "loop"));
  const refused = { name: "VolumeError", message: /^failed to create subPath directory for volumeMount "v"/ };
  await assert.rejects(prepareSubPath(volume, "loop", of), refused);
});

test("folders that two containers need at once are made once", async () => {
  const both = ["at/once/a", "at/once/b", "at/once/a"].map((subPath) =>
    prepareSubPath(volume, subPath, { container: "app", volumeName: "v" }),
  );
  assert.deepEqual(
    await Promise.all(both),
    ["a", "b", "a"].map((name) => path.join(volume, "at/once", name)),
  );
});
