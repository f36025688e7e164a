import { randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import type { VolumeFolder } from "./folder-mode.ts";
import { folderMode } from "./folder-mode.ts";
import type { Payload } from "./payload.ts";

/** Keeps the owner or the group, in chown(2). */
const UNCHANGED = -1;
const DATA_LINK = "..data";

/**
 * Makes the folder show exactly these files, all at once: they are written into a new hidden folder, and the link
 * `..data`, through which every visible name leads, is turned to it. Readers see the old files or the new ones.
 *
 * The pod's `fsGroup` owns folders and files as their group, and may read all of them.
 *
 * @returns whether anything has changed.
 */
export async function writePayload(
  folder: string,
  payload: Payload,
  volume: VolumeFolder = { inMemory: false, fsGroup: undefined },
): Promise<boolean> {
  const { fsGroup } = volume;
  await mkdir(folder, { recursive: true });
  await own(folder, { mode: folderMode(volume), fsGroup });

  const files: Payload = new Map([...payload].map(([name, file]) => [path.join(name), file]));
  const current = await readlink(path.join(folder, DATA_LINK)).catch(() => undefined);
  if (current !== undefined && (await shows(path.join(folder, current), files, fsGroup))) {
    await addNames(folder, files);
    await tidy(folder, files, current);
    return false;
  }
  const version = `..${new Date().toISOString().replaceAll(/[-:]/g, "_").replace("T", "_").replace(/\..*/, "")}.${randomBytes(4).readUInt32BE()}`;
  const target = path.join(folder, version);
  try {
    await writeFiles(target, files, fsGroup);
    // Before: programs that see the link turn look for the files at once.
    await addNames(folder, files);
    await turn(folder, version);
  } catch (error) {
    // It is tried again and again: on a full disk each try would leave a folder behind.
    await rm(target, { recursive: true, force: true });
    throw error;
  }
  await tidy(folder, files, version);
  return true;
}

async function turn(folder: string, version: string): Promise<void> {
  const link = path.join(folder, `${DATA_LINK}_tmp`);
  await rm(link, { force: true });
  await symlink(version, link);
  await rename(link, path.join(folder, DATA_LINK));
}

async function writeFiles(target: string, files: Payload, fsGroup: number | undefined): Promise<void> {
  const folders = new Set([...files.keys()].flatMap((name) => foldersAbove(name)));
  for (const folder of ["", ...folders]) {
    await mkdir(path.join(target, folder));
    await own(path.join(target, folder), { mode: fsGroup === undefined ? 0o755 : 0o2755, fsGroup });
  }
  for (const [name, { data, mode, uid }] of files) {
    const at = path.join(target, name);
    await writeFile(at, data, { mode: 0o600 });
    await own(at, { mode: wantedMode(mode, fsGroup), fsGroup, uid });
  }
}

/** `a` and `a/b` for `a/b/c`: outer folders first. */
function foldersAbove(name: string): readonly string[] {
  const parts = name.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

interface Ownership {
  readonly mode: number;
  readonly fsGroup: number | undefined;
  readonly uid?: number | undefined;
}

/** The mode last: a change of the owner may clear bits of it. */
async function own(at: string, { mode, fsGroup, uid }: Ownership): Promise<void> {
  if (uid !== undefined || fsGroup !== undefined) await chown(at, uid ?? UNCHANGED, fsGroup ?? UNCHANGED);
  await chmod(at, mode);
}

/** The first parts of the paths, which show in the folder. */
function namesOf(files: Payload): ReadonlySet<string> {
  return new Set([...files.keys()].map((name) => name.split("/")[0] ?? ""));
}

/** Links the names that are not there yet through `..data`. */
async function addNames(folder: string, files: Payload): Promise<void> {
  const present = await readdir(folder);
  for (const name of namesOf(files)) {
    if (!present.includes(name)) await symlink(path.join(DATA_LINK, name), path.join(folder, name));
  }
}

/**
 * Removes the links of what is no longer there, and old versions; also after nothing has changed, since who wrote the
 * files may have been ended before this. Nothing else goes: a folder that was made for the subPath of a missing file may
 * be mounted in a container, and would be so no longer.
 */
async function tidy(folder: string, files: Payload, version: string): Promise<void> {
  const names = namesOf(files);
  for (const name of await readdir(folder)) {
    const at = path.join(folder, name);
    if (name.startsWith("..")) {
      // No name of a file begins with two dots.
      if (name !== DATA_LINK && name !== version) await rm(at, { recursive: true, force: true });
    } else if (!names.has(name)) {
      const target = await readlink(at).catch(() => undefined);
      if (target === path.join(DATA_LINK, name)) await rm(at);
    }
  }
}

async function shows(folder: string, payload: Payload, fsGroup: number | undefined): Promise<boolean> {
  const listed = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = listed
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  if (files.length !== payload.size || !files.every((name) => payload.has(name))) return false;
  for (const [name, file] of payload) {
    const at = path.join(folder, name);
    const [data, stat] = await Promise.all([readFile(at), lstat(at)]);
    if (!data.equals(file.data) || (stat.mode & 0o777) !== (wantedMode(file.mode, fsGroup) & 0o777)) return false;
    if (file.uid !== undefined && stat.uid !== file.uid) return false;
  }
  return true;
}

function wantedMode(mode: number, fsGroup: number | undefined): number {
  return fsGroup === undefined ? mode : mode | 0o440;
}
