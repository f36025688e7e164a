import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { chmod, chown, opendir } from "node:fs/promises";
import path from "node:path";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { nearestInteger } from "@fairlead/api/int64";
import { childOf, openInPlace, procPathOf } from "../open-beneath.ts";

const READ_WRITE = 0o660;
/** Folders can be entered, and what is made in them belongs to the group, too. */
const FOLDER = 0o2110;
const PERMISSIONS = 0o7777;

/** PATH_MAX of the kernel, which bounds how deep folders are entered: each takes two descriptors. */
const PATH_MAX = 4_096;

/**
 * Gives all files of a volume to the pod's `fsGroup`, as `fsGroupChangePolicy` says. Does nothing without one.
 *
 * Links are given to the group, and not followed: what they lead to may be anywhere. Programs that work in the volume may
 * replace any file by a link meanwhile, so each is opened first, and changed through its descriptor.
 */
export async function applyFsGroup(
  folder: string,
  { fsGroup, fsGroupChangePolicy }: Pod["spec"]["securityContext"],
): Promise<void> {
  if (fsGroup === undefined) return;
  const group = nearestInteger(fsGroup);
  // Past a link that the volume itself is: a container gets what it leads to.
  await using root = await openInPlace(`${folder}/`);
  if (fsGroupChangePolicy === "OnRootMismatch" && isGroups(await root.stat(), group)) return;
  await giveAll(root, folder, group);
}

/** The folder itself last: with the policy `OnRootMismatch` it stands for all that is in it. */
async function giveAll(at: FileHandle, name: string, group: number): Promise<void> {
  const found = await at.stat();
  if (found.isDirectory()) {
    if (name.length >= PATH_MAX) throw new Error(`folders are nested too deeply: ${name.slice(0, 100)}...`);
    for await (const entry of await opendir(procPathOf(at))) {
      await unlessGone(async () => {
        await using child = await openInPlace(childOf(at, entry.name));
        await giveAll(child, path.join(name, entry.name), group);
      });
    }
  }
  await chown(procPathOf(at), found.uid, group);
  if (found.isSymbolicLink()) return;
  await chmod(procPathOf(at), (found.mode & PERMISSIONS) | READ_WRITE | (found.isDirectory() ? FOLDER : 0));
}

/** Programs of the machine may work in the folder meanwhile. */
async function unlessGone(give: () => Promise<void>): Promise<void> {
  try {
    await give();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function isGroups({ gid, mode }: Stats, group: number): boolean {
  const wanted = READ_WRITE | FOLDER;
  return gid === group && (mode & wanted) === wanted;
}
