import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { type LayerEntry, layer } from "./layer.ts";

/** How containers of an image start: the part of the OCI image configuration that images here need. */
export interface ImageConfig {
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** `NAME=value`. */
  readonly env?: readonly string[];
  readonly workingDir?: string;
  /** `uid` or `uid:gid`. Default: root. */
  readonly user?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What to make an image of. */
export interface ImageDescription {
  /** Full reference with registry and tag: `registry.fairlead.local/tools:1`. */
  readonly reference: string;
  /** Go's name of the processor: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly config: ImageConfig;
  /** Contents of the layers, lowest first. */
  readonly layers: readonly (readonly LayerEntry[])[];
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * An image as one tar file in OCI image layout, which containerd, Podman, skopeo and Docker can load.
 *
 * Source: OCI image specification 1.1; the annotation `io.containerd.image.name` gives the full reference.
 */
export async function ociArchive(image: ImageDescription): Promise<Buffer> {
  const layers = await Promise.all(image.layers.map((entries) => layer(entries)));
  const config = json({
    architecture: image.architecture,
    os: "linux",
    config: imageConfig(image.config),
    rootfs: { type: "layers", diff_ids: layers.map(digestOf) },
    history: layers.map(() => ({ created_by: "fairlead" })),
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: layers.map((bytes) => descriptor("application/vnd.oci.image.layer.v1.tar", bytes)),
  });
  const index = json({
    schemaVersion: 2,
    manifests: [
      {
        ...descriptor("application/vnd.oci.image.manifest.v1+json", manifest),
        annotations: {
          "io.containerd.image.name": image.reference,
          "org.opencontainers.image.ref.name": image.reference.slice(image.reference.lastIndexOf(":") + 1),
        },
        platform: { architecture: image.architecture, os: "linux" },
      },
    ],
  });
  return await archive([...layers, config, manifest], index);
}

async function archive(blobs: readonly Buffer[], index: Buffer): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  const file = (name: string, content: Buffer) => tar.entry({ name, mtime: new Date(0) }, content);
  file("oci-layout", json({ imageLayoutVersion: "1.0.0" }));
  for (const blob of blobs) file(`blobs/sha256/${digestOf(blob).slice("sha256:".length)}`, blob);
  file("index.json", index);
  tar.finalize();
  return await bytes;
}

function imageConfig(config: ImageConfig): Record<string, unknown> {
  return {
    ...(config.entrypoint !== undefined && { Entrypoint: config.entrypoint }),
    ...(config.cmd !== undefined && { Cmd: config.cmd }),
    Env: config.env ?? ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    ...(config.workingDir !== undefined && { WorkingDir: config.workingDir }),
    ...(config.user !== undefined && { User: config.user }),
    ...(config.labels !== undefined && { Labels: config.labels }),
  };
}

function descriptor(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
