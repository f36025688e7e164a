import assert from "node:assert/strict";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { openSubPath, type SubPathUse } from "./sub-path.ts";

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

/** Opens a part of the volume. Returns where it lies. */
async function opened(of: string, subPath: string, more: Pick<SubPathUse, "resolve"> = {}): Promise<string> {
  await using file = await openSubPath(of, subPath, { container: "app", volumeName: "v", ...more });
  return await readlink(`/proc/self/fd/${file.fd}`);
}

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
    const made = opened(volume, subPath);
    if (typeof want === "string") assert.equal(await made, path.join(volume, want));
    else await assert.rejects(made, { name: "VolumeError", message: want });
    assert.deepEqual(await readdir(outside), [], "nothing may be made outside");
  });
}

test("a folder that is made may be used as the volume may be, whatever the umask", async () => {
  const shared = path.join(root, "shared");
  await mkdir(shared);
  for (const mode of [0o777, 0o770, 0o2777, 0o3777]) {
    await chmod(shared, mode);
    const made = await opened(shared, `m${mode}/deep`);
    assert.equal((await stat(made)).mode & 0o7777, mode);
    assert.equal((await stat(path.dirname(made))).mode & 0o7777, mode);
  }
});

test("a part of a volume that is not there", async () => {
  const gone = path.join(root, "gone");
  const message = `stat ${gone}: no such file or directory`;
  await assert.rejects(opened(gone, "part"), { name: "VolumeError", message });
  await symlink("loop", path.join(volume, "loop"));
  const refused = { name: "VolumeError", message: /^failed to create subPath directory for volumeMount "v"/ };
  await assert.rejects(opened(volume, "loop"), refused);
});

test("folders that two containers need at once are made once", async () => {
  const both = ["at/once/a", "at/once/b", "at/once/a"].map((subPath) => opened(volume, subPath));
  assert.deepEqual(
    await Promise.all(both),
    ["a", "b", "a"].map((name) => path.join(volume, "at/once", name)),
  );
});

const swaps: { what: string; subPath: string; replaced: string; after: string; want: RegExp }[] = [
  { what: "the folder", subPath: "a/b", replaced: "a/b", after: "a/b", want: /^failed to prepare subPath for/ },
  { what: "a folder above it", subPath: "a/b", replaced: "a", after: "a/b", want: /^failed to prepare subPath for/ },
  { what: "a file", subPath: "a/file", replaced: "a/file", after: "a/file", want: /^failed to prepare subPath for/ },
  {
    what: "the folder in which folders are made",
    subPath: "a/new/deep",
    replaced: "a",
    after: "a",
    want: /^failed to create subPath directory for/,
  },
  {
    what: "a folder just made",
    subPath: "a/new",
    replaced: "a",
    after: "a/new",
    want: /^failed to prepare subPath for/,
  },
];

for (const { what, subPath, replaced, after: resolved, want } of swaps) {
  test(`${what} is replaced by a link once ${resolved} has been looked up`, async (t) => {
    const folder = await realpath(await temporaryFolder(t));
    const [raced, secret] = [path.join(folder, "raced"), path.join(folder, "secret")];
    await mkdir(path.join(raced, "a/b"), { recursive: true });
    await mkdir(path.join(secret, "b"), { recursive: true, mode: 0o700 });
    await writeFile(path.join(raced, "a/file"), "");
    const resolve = async (file: string) => {
      const real = await realpath(file);
      if (file === path.join(raced, resolved)) {
        await rename(path.join(raced, replaced), path.join(raced, "moved"));
        await symlink(secret, path.join(raced, replaced));
      }
      return real;
    };
    await assert.rejects(opened(raced, subPath, { resolve }), { name: "VolumeError", message: want });
    assert.deepEqual(await readdir(secret), ["b"], "nothing may be made outside");
    assert.equal((await stat(secret)).mode & 0o7777, 0o700);
  });
}
