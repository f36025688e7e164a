import assert from "node:assert/strict";
import { mkdir, readdir, readlink, rename, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import { makeBeneath, openBeneath, openInPlace } from "./open-beneath.ts";

async function volumeBesideFolder(t: Parameters<typeof temporaryFolder>[0]) {
  const folder = await temporaryFolder(t);
  const [volume, outside] = [path.join(folder, "volume"), path.join(folder, "outside")];
  await mkdir(path.join(volume, "a/b"), { recursive: true });
  await mkdir(path.join(outside, "b"), { recursive: true, mode: 0o700 });
  await writeFile(path.join(volume, "a/file"), "");
  for (const link of ["link", "a/link"]) await symlink(outside, path.join(volume, link));
  await symlink("b", path.join(volume, "a/inner"));
  return { volume, outside };
}

const LINK = /^a component of the path is a link$/;

for (const { names, want } of [
  { names: [], want: "" },
  { names: ["a"], want: "a" },
  { names: ["a", "b"], want: "a/b" },
  { names: ["a", "file"], want: "a/file" },
  { names: ["link"], want: LINK },
  { names: ["link", "b"], want: LINK },
  { names: ["a", "link"], want: LINK },
  { names: ["a", "link", "b"], want: LINK },
  { names: ["a", "inner"], want: LINK },
  { names: ["a", "file", "b"], want: /ENOTDIR/ },
  { names: ["a", "none"], want: /ENOENT/ },
  { names: [".."], want: /"\.\." is not a name/ },
  { names: ["a", "..", "a"], want: /"\.\." is not a name/ },
  { names: ["."], want: /"\." is not a name/ },
  { names: [""], want: /"" is not a name/ },
  { names: ["a/link"], want: /"a\/link" is not a name/ },
] satisfies { names: string[]; want: string | RegExp }[]) {
  test(`openBeneath: ${JSON.stringify(names)}`, async (t) => {
    const { volume } = await volumeBesideFolder(t);
    await using root = await openInPlace(volume);
    const opened = openBeneath(root, names);
    if (want instanceof RegExp) return await assert.rejects(opened, { message: want });
    await using found = await opened;
    assert.equal(await readlink(`/proc/self/fd/${found.fd}`), path.join(volume, want));
  });
}

for (const { names, want } of [
  { names: ["a", "new", "deep"], want: "a/new/deep" },
  { names: ["a", "b"], want: "a/b" },
  { names: ["link", "new"], want: /ELOOP|ENOTDIR/ },
  { names: ["a", "link"], want: /ELOOP|ENOTDIR/ },
  { names: ["a", "file"], want: /ENOTDIR/ },
  { names: ["..", "outside", "new"], want: /"\.\." is not a name/ },
] satisfies { names: string[]; want: string | RegExp }[]) {
  test(`makeBeneath: ${JSON.stringify(names)}`, async (t) => {
    const { volume, outside } = await volumeBesideFolder(t);
    await using root = await openInPlace(volume);
    const made = makeBeneath(root, names, 0o2775);
    if (want instanceof RegExp) await assert.rejects(made, { message: want });
    else {
      await made;
      const { mode } = await stat(path.join(volume, want));
      assert.equal(mode & 0o7777, want === "a/b" ? 0o755 : 0o2775, "folders that are there keep their mode");
    }
    assert.deepEqual(await readdir(outside), ["b"]);
    assert.equal((await stat(outside)).mode & 0o7777, 0o700, "no mode is changed through a link");
  });
}

test("a descriptor stands for its file, whatever has the name now", async (t) => {
  const { volume, outside } = await volumeBesideFolder(t);
  await using root = await openInPlace(volume);
  await using found = await openBeneath(root, ["a"]);
  await rename(path.join(volume, "a"), path.join(volume, "moved"));
  await symlink(outside, path.join(volume, "a"));
  await using below = await openBeneath(found, ["b"]);
  assert.equal(await readlink(`/proc/self/fd/${below.fd}`), path.join(volume, "moved/b"));
});
