import { once } from "node:events";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink, stat } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";

/** One file of an image. `path` is absolute, as the container sees it. */
export type LayerEntry =
  | { readonly type: "directory"; readonly path: string; readonly mode?: number }
  | { readonly type: "symlink"; readonly path: string; readonly target: string }
  /** A hard link to the file at `target`, an absolute path of an earlier entry. */
  | { readonly type: "link"; readonly path: string; readonly target: string }
  | { readonly type: "text"; readonly path: string; readonly text: string; readonly mode?: number }
  /** A file of this machine. */
  | { readonly type: "file"; readonly path: string; readonly source: string; readonly mode?: number };

/**
 * An image layer: an uncompressed tar of the entries, owned by root, with the folders above them.
 *
 * The same entries give the same bytes: no time and no owner of this machine goes in.
 */
export async function layer(entries: readonly LayerEntry[]): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  for (const entry of withFolders(entries)) await add(tar, entry);
  tar.finalize();
  return await bytes;
}

/** The entries of a folder on this machine, to be found below `at` in the image. Symbolic links stay links. */
export async function folderEntries(folder: string, at = "/"): Promise<LayerEntry[]> {
  const entries: LayerEntry[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const source = path.join(folder, name);
    const target = path.posix.join(at, name);
    const info = await lstat(source);
    if (info.isSymbolicLink()) entries.push({ type: "symlink", path: target, target: await readlink(source) });
    else if (info.isFile()) entries.push({ type: "file", path: target, source, mode: info.mode & 0o7777 });
    else if (info.isDirectory()) {
      entries.push({ type: "directory", path: target, mode: info.mode & 0o7777 });
      entries.push(...(await folderEntries(source, target)));
    }
  }
  return entries;
}

type TarHeader = Parameters<Pack["entry"]>[0];

/** Puts a folder in front of the first entry inside it; the first mention of a path wins. */
function withFolders(entries: readonly LayerEntry[]): LayerEntry[] {
  const byPath = new Map<string, LayerEntry>();
  const named = new Map(entries.map((entry) => [entry.path, entry]));
  for (const entry of entries) {
    for (const folder of foldersAbove(entry.path)) {
      if (!byPath.has(folder)) byPath.set(folder, named.get(folder) ?? { type: "directory", path: folder });
    }
    if (!byPath.has(entry.path)) byPath.set(entry.path, entry);
  }
  return [...byPath.values()];
}

function foldersAbove(file: string): string[] {
  const parts = file.split("/").slice(1, -1);
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`);
}

async function add(tar: Pack, entry: LayerEntry): Promise<void> {
  const header: TarHeader = { name: entry.path.slice(1), mtime: new Date(0), uid: 0, gid: 0 };
  switch (entry.type) {
    case "directory":
      tar.entry({ ...header, type: "directory", mode: entry.mode ?? 0o755 });
      return;
    case "symlink":
      tar.entry({ ...header, type: "symlink", linkname: entry.target, mode: 0o777 });
      return;
    case "link":
      tar.entry({ ...header, type: "link", linkname: entry.target.slice(1), mode: 0o755 });
      return;
    case "text":
      tar.entry({ ...header, mode: entry.mode ?? 0o644 }, entry.text);
      return;
    case "file":
      await addFile(tar, header, entry);
  }
}

async function addFile(tar: Pack, header: TarHeader, entry: LayerEntry & { readonly type: "file" }): Promise<void> {
  // Of what a link points to: a program's usual name may be a link on this machine.
  const { mode, size } = await stat(entry.source);
  const sink = tar.entry({ ...header, mode: entry.mode ?? mode & 0o7777, size });
  if (size === 0) {
    sink.end(Buffer.alloc(0));
    await once(sink, "finish");
    return;
  }
  await pipeline(createReadStream(entry.source), sink);
}
