import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { prepareHostPath } from "./host-path.ts";

let root: string;
before(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "host-path-"));
  await mkdir(path.join(root, "folder"));
  await writeFile(path.join(root, "file"), "kept");
});
after(() => rm(root, { recursive: true, force: true }));

const cases: { type: string; at: string; want: string }[] = [
  { type: "", at: "nowhere", want: "ok" },
  { type: "Directory", at: "folder", want: "ok" },
  { type: "Directory", at: "file", want: "is not a directory" },
  { type: "Directory", at: "nowhere", want: "is not a directory" },
  { type: "DirectoryOrCreate", at: "made/deep", want: "ok" },
  { type: "File", at: "file", want: "ok" },
  { type: "File", at: "folder", want: "is not a file" },
  { type: "FileOrCreate", at: "new", want: "ok" },
  { type: "FileOrCreate", at: "file", want: "ok" },
  { type: "FileOrCreate", at: "no/folder", want: "cannot be created" },
  { type: "Socket", at: "file", want: "is not a socket file" },
  { type: "CharDevice", at: "file", want: "is not a character device" },
  { type: "BlockDevice", at: "file", want: "is not a block device" },
];

for (const { type, at, want } of cases) {
  test(`hostPath of type ${JSON.stringify(type)} at ${at}: ${want}`, async () => {
    const target = path.join(root, at);
    if (want !== "ok") {
      await assert.rejects(prepareHostPath({ path: target, type }), { name: "VolumeError", message: new RegExp(want) });
      return;
    }
    assert.equal(await prepareHostPath({ path: target, type }), target);
    if (type.startsWith("Directory")) assert.ok((await stat(target)).isDirectory());
    if (type.startsWith("File")) assert.ok((await stat(target)).isFile());
  });
}
