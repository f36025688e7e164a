import assert from "node:assert/strict";
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { pack } from "tar-stream";
import { ociArchive } from "./oci-archive.ts";
import { openArchive } from "./open-archive.ts";

const NAME = "docker.io/shop/web:2";
const web = await ociArchive({
  reference: NAME,
  architecture: "amd64",
  config: {},
  layers: [[{ type: "text", path: "/a", text: "x".repeat(100_000) }]],
});

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  return await buffer(tar);
}

const docker = (...images: object[]) => tarOf({ "layer.tar": "x", "manifest.json": JSON.stringify(images) });
const oci = (...annotations: object[]) =>
  tarOf({
    "oci-layout": "{}",
    "./index.json": JSON.stringify({
      manifests: annotations.map((a, i) => ({ digest: `sha256:${i}`, annotations: a })),
    }),
  });

const opened: { name: string; bytes: Buffer; want: string[] }[] = [
  { name: "an archive of image build", bytes: web, want: [NAME] },
  { name: "one compressed with gzip", bytes: gzipSync(web), want: [NAME] },
  { name: "one compressed with zstd", bytes: zstdCompressSync(web), want: [NAME] },
  {
    name: "an archive of Docker",
    bytes: await docker({ Config: "c.json", RepoTags: ["a:1", "reg.example/b"] }),
    want: ["docker.io/library/a:1", "reg.example/b:latest"],
  },
  {
    name: "an archive of Podman, which has the whole name as a reference",
    bytes: await oci({ "org.opencontainers.image.ref.name": "localhost/a:1" }),
    want: ["localhost/a:1"],
  },
  {
    name: "an archive with a named and a nameless image",
    bytes: await oci({}, { "io.containerd.image.name": "docker.io/a/b:1", "org.opencontainers.image.ref.name": "1" }),
    want: ["docker.io/a/b:1"],
  },
];
for (const { name, bytes, want } of opened) {
  test(`openArchive: ${name}`, () =>
    inFolder(async (folder) => {
      const file = path.join(folder, "image");
      await writeFile(file, bytes);
      let plain: string;
      {
        await using archive = await openArchive(file);
        plain = archive.path;
        assert.deepEqual(archive.names, want);
        assert.equal((await readFile(plain)).subarray(257, 262).toString(), "ustar");
      }
      if (plain !== file) await assert.rejects(access(plain), { code: "ENOENT" });
      assert.deepEqual(await readFile(file), bytes);
    }));
}

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);
const refused: { name: string; bytes: Buffer; want: RegExp }[] = [
  { name: "an empty file", bytes: Buffer.alloc(0), want: /it has no index\.json and no manifest\.json/ },
  { name: "text", bytes: Buffer.from("hello\n".repeat(200)), want: /it is not a whole tar file/ },
  { name: "a tar file without images", bytes: await tarOf({ a: "b" }), want: /it has no index\.json/ },
  { name: "an archive that is cut off", bytes: half(web), want: /it is not a whole tar file/ },
  { name: "a gzip file that is cut off", bytes: half(gzipSync(web)), want: /its gzip data is damaged/ },
  {
    name: "a zstd file that is damaged",
    bytes: Buffer.from("28b52ffdffffffff", "hex"),
    want: /its zstd data is damaged/,
  },
  {
    name: "an archive compressed with xz",
    bytes: Buffer.from("fd377a585a000000", "hex"),
    want: /decompress it with xz -d/,
  },
  { name: "an index that is not JSON", bytes: await tarOf({ "index.json": "{" }), want: /its index is not JSON/ },
  {
    name: "an index of another shape",
    bytes: await tarOf({ "index.json": "[null]" }),
    want: /there is no image in it/,
  },
  {
    name: "an image of Docker without a tag",
    bytes: await docker({ Config: "c.json", RepoTags: null }),
    want: /the image c\.json in it has no name/,
  },
  {
    name: "an image that has only a tag",
    bytes: await oci({ "org.opencontainers.image.ref.name": "latest" }),
    want: /the image sha256:0 in it has no name.*docker save/,
  },
];
for (const { name, bytes, want } of refused) {
  test(`openArchive refuses ${name}`, () =>
    inFolder(async (folder) => {
      const file = path.join(folder, "image.tar");
      await writeFile(file, bytes);
      await assert.rejects(openArchive(file), { name: "ExpectedError", message: want });
    }));
}

test("what is not there is named, with a hint where it looks like the name of an image", () =>
  inFolder(async (folder) => {
    const missing = (file: string, message: RegExp) =>
      assert.rejects(openArchive(file), { name: "ExpectedError", message });
    await missing(path.join(folder, "a.tar"), /^Cannot load ".*\/a\.tar": there is no such file or folder$/);
    await missing(
      "shop/web:1",
      /^Cannot load "shop\/web:1": .*; of an image, load an archive: docker save shop\/web:1 -o/,
    );
    await missing("web.tar.gz", /there is no such file or folder$/);
    await mkdir(path.join(folder, "layout"));
    await missing(path.join(folder, "layout"), /it is a folder: pack it with tar/);
  }));

test("whatever bytes a file has, it is opened or refused in words", () =>
  inFolder(async (folder) => {
    const file = path.join(folder, "any");
    const starts = fc.constantFrom("", "1f8b0800", "28b52ffd", web.subarray(0, 1024).toString("hex"));
    await fc.assert(
      fc.asyncProperty(starts, fc.uint8Array({ maxLength: 2000 }), async (start, rest) => {
        await writeFile(file, Buffer.concat([Buffer.from(start, "hex"), rest]));
        await assert.rejects(openArchive(file), { name: "ExpectedError" });
      }),
      { numRuns: 60 },
    );
  }));

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "fairlead-test-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
