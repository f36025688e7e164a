import assert from "node:assert/strict";
import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "@fairlead/lib/temporary-folder.testing";
import type { LayerEntry } from "./layer.ts";
import { folderEntries, layer } from "./layer.ts";
import { unpackTar } from "./unpack-tar.testing.ts";

/** One entry a line: type, mode, name, and where a link points or what a file holds. */
async function listing(entries: readonly LayerEntry[]): Promise<string[]> {
  return (await unpackTar(await layer(entries))).map(({ header, content }) => {
    const isLink = header.type === "symlink" || header.type === "link";
    const holds = isLink ? ` -> ${header.linkname}` : content.length > 0 ? ` ${content}` : "";
    return `${header.type} ${header.mode?.toString(8)} ${header.name}${holds}`;
  });
}

const LONG = "a-name-that-is-much-too-long-for-the-hundred-bytes-that-the-first-tar-format-had/".repeat(3);

const cases: { name: string; entries: LayerEntry[]; want: string[] }[] = [
  { name: "nothing", entries: [], want: [] },
  {
    name: "a file comes after the folders above it",
    entries: [{ type: "text", path: "/a/b/c", text: "hello" }],
    want: ["directory 755 a", "directory 755 a/b", "file 644 a/b/c hello"],
  },
  {
    name: "a folder has the mode that it is given, also when it comes after what is in it",
    entries: [
      { type: "text", path: "/tmp/x", text: "1" },
      { type: "directory", path: "/tmp", mode: 0o1777 },
    ],
    want: ["directory 1777 tmp", "file 644 tmp/x 1"],
  },
  {
    name: "the first mention of a path wins",
    entries: [
      { type: "text", path: "/x", text: "first" },
      { type: "text", path: "/x", text: "second" },
    ],
    want: ["file 644 x first"],
  },
  {
    name: "links stay links",
    entries: [{ type: "symlink", path: "/bin/sh", target: "/bin/busybox" }],
    want: ["directory 755 bin", "symlink 777 bin/sh -> /bin/busybox"],
  },
  {
    name: "a hard link names the file from the layer's root",
    entries: [
      { type: "text", path: "/bin/busybox", text: "b", mode: 0o755 },
      { type: "link", path: "/bin/ls", target: "/bin/busybox" },
    ],
    want: ["directory 755 bin", "file 755 bin/busybox b", "link 755 bin/ls -> bin/busybox"],
  },
  {
    name: "an empty file and an executable one",
    entries: [
      { type: "text", path: "/empty", text: "" },
      { type: "text", path: "/run", text: "#!/bin/sh", mode: 0o755 },
    ],
    want: ["file 644 empty", "file 755 run #!/bin/sh"],
  },
  {
    name: "long names, names that are not ASCII, and long links",
    entries: [
      { type: "text", path: `/${LONG}é`, text: "x" },
      { type: "symlink", path: "/link", target: `/${LONG}` },
    ],
    want: [
      ...LONG.split("/")
        .slice(0, -1)
        .map((_, i, parts) => `directory 755 ${parts.slice(0, i + 1).join("/")}`),
      `file 644 ${LONG}é x`,
      `symlink 777 link -> /${LONG}`,
    ],
  },
];
for (const { name, entries, want } of cases) {
  test(`layer: ${name}`, async () => {
    assert.deepEqual(await listing(entries), want);
  });
}

test("files of this machine are copied, and nothing of this machine's owners and times goes in", async (t) => {
  const folder = await temporaryFolder(t);
  const content = "0123456789".repeat(20_000);
  await writeFile(path.join(folder, "big"), content, { mode: 0o755 });
  await symlink("big", path.join(folder, "link"));
  const entries = ["big", "link"].map(
    (name): LayerEntry => ({ type: "file", path: `/${name}`, source: path.join(folder, name) }),
  );
  const unpacked = await unpackTar(await layer(entries));
  for (const { header, content: found } of unpacked) {
    assert.equal(found.toString(), content);
    assert.deepEqual(
      [header.type, header.mode, header.uid, header.gid, header.mtime?.getTime()],
      ["file", 0o755, 0, 0, 0],
    );
  }
  assert.equal(unpacked.length, 2);
});

test("the same entries give the same bytes, whenever the files were written", async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, "x");
  await writeFile(file, "same");
  const entries: LayerEntry[] = [
    { type: "file", path: "/x", source: file },
    { type: "text", path: `/${LONG}y`, text: "same" },
  ];
  const first = await layer(entries);
  await utimes(file, 1, 1);
  assert.ok(first.equals(await layer(entries)));
});

test("a folder becomes the image's root, in the order of names", async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, "etc"));
  await writeFile(path.join(folder, "etc", "b"), "2", { mode: 0o640 });
  await writeFile(path.join(folder, "etc", "a"), "1", { mode: 0o600 });
  await symlink("a", path.join(folder, "etc", "link"));
  await chmod(path.join(folder, "etc"), 0o750);
  const want = ["directory 750 etc", "file 600 etc/a 1", "file 640 etc/b 2", "symlink 777 etc/link -> a"];
  assert.deepEqual(await listing(await folderEntries(folder)), want);
  const below = await listing(await folderEntries(path.join(folder, "etc"), "/opt"));
  assert.deepEqual(below.at(0), "directory 755 opt");
  assert.deepEqual(below.at(1), "file 600 opt/a 1");
});
