import { createReadStream } from "node:fs";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { fullReference } from "./reference.ts";

/** The images of an archive, as its index lists them. */
export interface ArchiveNames {
  /** Names that containerd gives the images, as the archive spells them. */
  readonly names: readonly string[];
  /** Digests, or configuration files, of images without a usable name. */
  readonly unnamed: readonly string[];
}

/** The file is not a tar file with images. The message says what it is. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

/** Most bytes of an index that are read: those of real archives have a few hundred for each image. */
const INDEX_MAX_BYTES = 4 * 1024 * 1024;
const INDEXES = ["index.json", "manifest.json"];

/**
 * Reads which images an uncompressed archive holds.
 *
 * An archive with an `index.json` is in OCI image layout, as containerd reads it; one with only a `manifest.json` is in
 * Docker's. Layers are skipped, not kept in memory.
 *
 * @throws {ArchiveError} when it is not an image archive.
 */
export async function archiveNames(file: string): Promise<ArchiveNames> {
  const files = await indexFiles(file);
  const [oci, docker] = INDEXES.map((name) => files.get(name));
  if (oci !== undefined) return ociNames(parsed(oci));
  if (docker !== undefined) return dockerNames(parsed(docker));
  throw new ArchiveError("it has no index.json and no manifest.json, so it is not an image archive");
}

async function indexFiles(file: string): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const source = createReadStream(file);
  const tar = extract();
  source.on("error", (error) => tar.destroy(error)).pipe(tar);
  try {
    for await (const entry of tar) {
      const name = entry.header.name.replace(/^\.\//, "");
      const isIndex = INDEXES.includes(name) && (entry.header.size ?? 0) <= INDEX_MAX_BYTES;
      if (isIndex) found.set(name, await buffer(entry));
      else entry.resume();
    }
  } catch (error) {
    if (error instanceof Error && "syscall" in error) throw error;
    throw new ArchiveError(`it is not a whole tar file (${(error as Error).message})`, { cause: error });
  } finally {
    source.destroy();
  }
  return found;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new ArchiveError(`its index is not JSON (${(error as Error).message})`, { cause: error });
  }
}

/** Annotations of a name, the first that is there counts. Source: containerd, `client.Import`; OCI image layout 1.1. */
const NAME_ANNOTATIONS = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];

function ociNames(index: unknown): ArchiveNames {
  const manifests = entriesOf(fieldsOf(index).manifests);
  const named = manifests.map((manifest) => {
    const annotations = fieldsOf(manifest.annotations);
    return { digest: String(manifest.digest), name: NAME_ANNOTATIONS.map((key) => annotations[key]).find(isText) };
  });
  return {
    // A bare tag names no image: containerd would call it after the day of the import.
    names: named.flatMap(({ name }) => (name !== undefined && /[/:@]/.test(name) ? [name] : [])),
    unnamed: named.flatMap(({ name, digest }) => (name !== undefined && /[/:@]/.test(name) ? [] : [digest])),
  };
}

function dockerNames(manifest: unknown): ArchiveNames {
  const images = entriesOf(manifest).map(({ RepoTags: tags, Config: config }) => ({
    tags: Array.isArray(tags) ? tags.filter(isText) : [],
    config: String(config),
  }));
  return {
    // containerd completes these names itself.
    names: images.flatMap(({ tags }) => tags.map(fullReference)),
    unnamed: images.flatMap(({ tags, config }) => (tags.length === 0 ? [config] : [])),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function entriesOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}
