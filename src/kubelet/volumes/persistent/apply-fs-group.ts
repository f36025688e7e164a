import type { Stats } from "node:fs";
import { chmod, lchown, lstat, opendir } from "node:fs/promises";
import path from "node:path";
import type { Pod } from "../../../api/core/v1/pod/pod.ts";
import { nearestInteger } from "../../../api/int64.ts";

const READ_WRITE = 0o660;
/** Folders can be entered, and what is made in them belongs to the group, too. */
const FOLDER = 0o2110;
const PERMISSIONS = 0o7777;

/**
 * Gives all files of a volume to the pod's `fsGroup`, as `fsGroupChangePolicy` says. Does nothing without one.
 *
 * Links are given to the group, and not followed: what they lead to may be anywhere.
 */
export async function applyFsGroup(
  folder: string,
  { fsGroup, fsGroupChangePolicy }: Pod["spec"]["securityContext"],
): Promise<void> {
  if (fsGroup === undefined) return;
  const group = nearestInteger(fsGroup);
  if (fsGroupChangePolicy === "OnRootMismatch" && isGroups(await lstat(folder), group)) return;
  await giveAll(folder, group);
}

/** The folder itself last: with the policy `OnRootMismatch` it stands for all that is in it. */
async function giveAll(at: string, group: number): Promise<void> {
  const found = await lstat(at);
  if (found.isDirectory()) {
    for await (const entry of await opendir(at)) await unlessGone(giveAll(path.join(at, entry.name), group));
  }
  await lchown(at, found.uid, group);
  if (found.isSymbolicLink()) return;
  await chmod(at, (found.mode & PERMISSIONS) | READ_WRITE | (found.isDirectory() ? FOLDER : 0));
}

/** Programs of the machine may work in the folder meanwhile. */
async function unlessGone(giving: Promise<void>): Promise<void> {
  try {
    await giving;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function isGroups({ gid, mode }: Stats, group: number): boolean {
  const wanted = READ_WRITE | FOLDER;
  return gid === group && (mode & wanted) === wanted;
}
