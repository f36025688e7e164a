import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { ImageDescription } from "./oci-archive.ts";
import { ociArchive } from "./oci-archive.ts";
import { unpackTar } from "./unpack-tar.testing.ts";

const image: ImageDescription = {
  reference: "registry.fairlead.local/shop/web:2",
  architecture: "amd64",
  config: {
    entrypoint: ["/server"],
    cmd: ["--port", "80"],
    env: ["A=1"],
    workingDir: "/data",
    user: "1000:1000",
    labels: { a: "b" },
  },
  layers: [
    [{ type: "text", path: "/server", text: "#!/bin/sh", mode: 0o755 }],
    [{ type: "text", path: "/data/x", text: "1" }],
  ],
};

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: unknown;
}

/** What a reader of the OCI image layout finds, beginning with the index. */
async function read(bytes: Buffer) {
  const files = new Map((await unpackTar(bytes)).map(({ header, content }) => [header.name, content]));
  const blob = ({ digest, size }: Descriptor): Buffer => {
    const content = files.get(`blobs/sha256/${digest.slice("sha256:".length)}`);
    assert.ok(content !== undefined, `${digest} is missing`);
    assert.equal(digestOf(content), digest);
    assert.equal(content.length, size);
    return content;
  };
  const json = (content: Buffer | undefined) => JSON.parse(String(content));
  const index: { manifests: Descriptor[] } = json(files.get("index.json"));
  const [described] = index.manifests;
  assert.ok(described !== undefined);
  const manifest: { config: Descriptor; layers: Descriptor[] } = json(blob(described));
  const layers = manifest.layers.map(blob);
  return { layout: json(files.get("oci-layout")), described, manifest, config: json(blob(manifest.config)), layers };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

test("index, manifest, configuration and layers find each other by digest and size", async () => {
  const { layout, described, manifest, config, layers } = await read(await ociArchive(image));
  assert.deepEqual(layout, { imageLayoutVersion: "1.0.0" });
  assert.deepEqual(
    [described, manifest.config, ...manifest.layers].map((descriptor) => descriptor.mediaType),
    [
      "application/vnd.oci.image.manifest.v1+json",
      "application/vnd.oci.image.config.v1+json",
      "application/vnd.oci.image.layer.v1.tar",
      "application/vnd.oci.image.layer.v1.tar",
    ],
  );
  assert.deepEqual(config.rootfs, { type: "layers", diff_ids: layers.map(digestOf) });
  assert.equal(config.history.length, 2);
});

test("the image is found under its full name and its tag", async () => {
  const { described } = await read(await ociArchive(image));
  assert.deepEqual(described.annotations, {
    "io.containerd.image.name": "registry.fairlead.local/shop/web:2",
    "org.opencontainers.image.ref.name": "2",
  });
  assert.deepEqual(described.platform, { architecture: "amd64", os: "linux" });
});

test("several images share an archive, and the layers that they have in common", async () => {
  const other = { ...image, reference: "registry.fairlead.local/shop/db:3", config: {} };
  const entries = await unpackTar(await ociArchive(image, other));
  const index = JSON.parse(entries.find(({ header }) => header.name === "index.json")?.content.toString() ?? "");
  assert.deepEqual(
    index.manifests.map(({ annotations }: Descriptor) => annotations?.["io.containerd.image.name"]),
    [image.reference, other.reference],
  );
  const blobs = entries.map(({ header }) => header.name).filter((name) => name.startsWith("blobs/"));
  assert.equal(blobs.length, new Set(blobs).size);
  // Two layers, and a configuration and a manifest of each image.
  assert.equal(blobs.length, 6);
});

test("the configuration says how containers start", async () => {
  const { config } = await read(await ociArchive(image));
  assert.deepEqual(config.config, {
    Entrypoint: ["/server"],
    Cmd: ["--port", "80"],
    Env: ["A=1"],
    WorkingDir: "/data",
    User: "1000:1000",
    Labels: { a: "b" },
  });
});

test("what is not said is left out, but for a path to find programs by", async () => {
  const { config } = await read(await ociArchive({ ...image, config: {}, layers: [] }));
  assert.deepEqual(config.config, { Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"] });
});

test("layers hold what they were given, lowest first", async () => {
  const { layers } = await read(await ociArchive(image));
  const names = await Promise.all(layers.map(async (bytes) => (await unpackTar(bytes)).map((e) => e.header.name)));
  assert.deepEqual(names, [["server"], ["data", "data/x"]]);
});

test("the same image gives the same bytes", async () => {
  assert.ok((await ociArchive(image)).equals(await ociArchive(image)));
});
