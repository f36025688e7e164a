import { type FileHandle, lstat, mkdir, readdir, rmdir, stat, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { ignoreAbsent } from "./ignore-absent.ts";
import { bindMount, isMountPoint, unmountBelow } from "./mounts.ts";

/**
 * Makes `target` show the opened file or folder, by a bind mount: the runtime then mounts a path that no container can
 * replace. A mount of the same file that is there is kept, as a restarted container or kubelet finds it; one of another
 * file is replaced.
 */
export async function bindSubPath(opened: FileHandle, target: string): Promise<void> {
  if (await isMountPoint(target)) {
    if (await isSame(opened, target)) return;
    await unmountBelow(target);
  }
  await mkdir(path.dirname(target), { recursive: true, mode: 0o750 });
  await removeEmpty(target);
  // What is mounted on a file may be of any kind but a folder.
  if ((await opened.stat()).isDirectory()) await mkdir(target, { mode: 0o750 });
  else await writeFile(target, "", { flag: "wx", mode: 0o640 });
  await bindMount(opened, target);
}

/** A mount whose file system does not answer is taken for another one. */
async function isSame(opened: FileHandle, target: string): Promise<boolean> {
  const wanted = await opened.stat({ bigint: true });
  const mounted = await stat(target, { bigint: true }).catch(() => undefined);
  return wanted.dev === mounted?.dev && wanted.ino === mounted.ino;
}

/**
 * Removes the targets of a pod's bind mounts, `VOLUME/CONTAINER/INDEX` below the folder. Removes empty folders and files
 * one by one: with a mount left the kernel refuses, and nothing behind the mount is deleted.
 */
export async function removeSubPathTargets(folder: string): Promise<void> {
  await removeLevel(folder, (volume) => removeLevel(volume, (container) => removeLevel(container, removeEmpty)));
}

async function removeLevel(folder: string, removeChild: (child: string) => Promise<void>): Promise<void> {
  const names = await ignoreAbsent(readdir(folder));
  if (names === undefined) return;
  for (const name of names) await removeChild(path.join(folder, name));
  await rmdir(folder);
}

async function removeEmpty(target: string): Promise<void> {
  const found = await ignoreAbsent(lstat(target));
  if (found === undefined) return;
  await (found.isDirectory() ? rmdir(target) : unlink(target));
}
