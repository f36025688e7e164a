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

/** An image in the bytes by which its digest is known. */
export interface OciImage {
  /** The layers, lowest first, and the configuration. */
  readonly blobs: readonly OciBlob[];
  readonly manifest: OciBlob;
}

export interface OciBlob {
  /** `sha256:…`. */
  readonly digest: string;
  readonly bytes: Buffer;
}

export const MANIFEST_MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";

/** Layers, configuration and manifest of an image (OCI image specification 1.1). */
export async function ociImage(image: ImageDescription): Promise<OciImage> {
  const layers = await Promise.all(image.layers.map(async (entries) => blob(await layer(entries))));
  const config = blob(
    json({
      architecture: image.architecture,
      os: "linux",
      config: imageConfig(image.config),
      rootfs: { type: "layers", diff_ids: layers.map((l) => l.digest) },
      history: layers.map(() => ({ created_by: "fairlead" })),
    }),
  );
  const manifest = json({
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    config: descriptor("application/vnd.oci.image.config.v1+json", config),
    layers: layers.map((l) => descriptor("application/vnd.oci.image.layer.v1.tar", l)),
  });
  return { blobs: [...layers, config], manifest: blob(manifest) };
}

/**
 * Images as one tar file in OCI image layout, which containerd, Podman, skopeo and Docker can load.
 *
 * Source: OCI image specification 1.1; the annotation `io.containerd.image.name` gives the full reference.
 */
export async function ociArchive(...images: readonly ImageDescription[]): Promise<Buffer> {
  const made = await Promise.all(images.map(async (image) => ({ image, ...(await ociImage(image)) })));
  const index = json({
    schemaVersion: 2,
    manifests: made.map(({ image, manifest }) => ({
      ...descriptor(MANIFEST_MEDIA_TYPE, manifest),
      annotations: {
        "io.containerd.image.name": image.reference,
        "org.opencontainers.image.ref.name": image.reference.slice(image.reference.lastIndexOf(":") + 1),
      },
      platform: { architecture: image.architecture, os: "linux" },
    })),
  });
  const blobs = made.flatMap((image) => [...image.blobs, image.manifest]);
  return await archive([...new Map(blobs.map((found) => [found.digest, found])).values()], index);
}

async function archive(blobs: readonly OciBlob[], index: Buffer): Promise<Buffer> {
  const tar = pack();
  const written = buffer(tar);
  const file = (name: string, content: Buffer) => tar.entry({ name, mtime: new Date(0) }, content);
  file("oci-layout", json({ imageLayoutVersion: "1.0.0" }));
  for (const { digest, bytes } of blobs) file(`blobs/sha256/${digest.slice("sha256:".length)}`, bytes);
  file("index.json", index);
  tar.finalize();
  return await written;
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

function descriptor(mediaType: string, { digest, bytes }: OciBlob): Descriptor {
  return { mediaType, digest, size: bytes.length };
}

function blob(bytes: Buffer): OciBlob {
  return { digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, bytes };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
