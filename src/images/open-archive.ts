import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { fileProblem, isSystemError } from "@fairlead/lib/file-problem";
import type { ArchiveNames } from "./archive-names.ts";
import { ArchiveError, archiveNames } from "./archive-names.ts";

/** An image archive that can be loaded. */
export interface OpenArchive extends AsyncDisposable {
  /** An uncompressed tar file: the archive itself, or a temporary copy that disposing of this removes. */
  readonly path: string;
  /** Names of the images in it, at least one. */
  readonly names: readonly string[];
}

/** How a compressed file begins, and how to decompress it. Source: RFC 1952 and RFC 8878; the formats of xz and bzip2. */
const COMPRESSIONS: readonly { magic: string; name: string; decompress?: () => Transform }[] = [
  { magic: "1f8b", name: "gzip", decompress: createGunzip },
  { magic: "28b52ffd", name: "zstd", decompress: createZstdDecompress },
  { magic: "fd377a585a00", name: "xz" },
  { magic: "425a68", name: "bzip2" },
];
const MAGIC_BYTES = 6;

/**
 * Opens an image archive as `docker save`, `podman save` and `fairlead image build` write it, also compressed with gzip
 * or zstd.
 *
 * @throws {ExpectedError} when the file cannot be read, is not an image archive, or no image in it has a name.
 */
export async function openArchive(file: string): Promise<OpenArchive> {
  try {
    const info = await stat(file);
    if (info.isDirectory()) throw new ArchiveError(`it is a folder: pack it with tar -C '${file}' -cf image.tar .`);
    const plain = await uncompressed(file);
    try {
      return { ...plain, names: namesOf(await archiveNames(plain.path)) };
    } catch (error) {
      await plain[Symbol.asyncDispose]();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof ArchiveError) && !isSystemError(error)) throw error;
    const hint = isSystemError(error) && error.code === "ENOENT" ? saveHint(file) : "";
    throw new ExpectedError(`Cannot load "${file}": ${fileProblem(error)}${hint}`, { cause: error });
  }
}

/** For a word that looks like the name of an image, as `my/app:1` does. */
function saveHint(word: string): string {
  const isName =
    /^[a-z0-9][a-z0-9._/-]*(:\d+\/[a-z0-9._/-]+)?(:[\w.-]+)?$/.test(word) && !/\.(tar|t?gz|zst)/.test(word);
  return isName ? `; of an image, load an archive: docker save ${word} -o image.tar` : "";
}

function namesOf({ names, unnamed }: ArchiveNames): readonly string[] {
  if (names.length > 0) return names;
  if (unnamed.length === 0) throw new ArchiveError("there is no image in it");
  throw new ArchiveError(
    `the image ${unnamed[0]} in it has no name, so no pod could use it: save it by name, as in docker save my/app:1`,
  );
}

async function uncompressed(file: string): Promise<Omit<OpenArchive, "names">> {
  const start = await firstBytes(file);
  const compression = COMPRESSIONS.find(({ magic }) => start.startsWith(magic));
  if (compression === undefined) return { path: file, [Symbol.asyncDispose]: async () => {} };
  const { name, decompress } = compression;
  if (decompress === undefined) {
    throw new ArchiveError(`it is compressed with ${name}, not with gzip or zstd: decompress it with ${name} -d`);
  }
  const folder = await mkdtemp(path.join(tmpdir(), "fairlead-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  const tar = path.join(folder, "image.tar");
  try {
    await pipeline(createReadStream(file), decompress(), createWriteStream(tar, { mode: 0o600 }));
  } catch (error) {
    await remove();
    if (isSystemError(error)) throw error;
    throw new ArchiveError(`its ${name} data is damaged (${(error as Error).message})`, { cause: error });
  }
  return { path: tar, [Symbol.asyncDispose]: remove };
}

/** In hexadecimal. */
async function firstBytes(file: string): Promise<string> {
  await using handle = await open(file);
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
  return buffer.subarray(0, bytesRead).toString("hex");
}
