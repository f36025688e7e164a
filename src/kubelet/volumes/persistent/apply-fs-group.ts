import type { Stats } from "node:fs";
import { chmod, lchown, lstat, opendir } from "node:fs/promises";
import path from "node:path";
import type { Pod } from "../../../api/core/v1/pod/pod.ts";

const READ_WRITE = 0o660;
const READ_ONLY = 0o440;
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
  { readOnly }: { readonly readOnly: boolean },
): Promise<void> {
  if (fsGroup === undefined) return;
  const bits = readOnly ? READ_ONLY : READ_WRITE;
  if (fsGroupChangePolicy === "OnRootMismatch" && isGroups(await lstat(folder), fsGroup, bits | FOLDER)) return;
  await giveAll(folder, fsGroup, bits);
}

/** The folder itself last: with the policy `OnRootMismatch` it stands for all that is in it. */
async function giveAll(at: string, group: number, bits: number): Promise<void> {
  const found = await lstat(at);
  if (found.isDirectory())
    for await (const entry of await opendir(at)) await giveAll(path.join(at, entry.name), group, bits);
  await lchown(at, found.uid, group);
  if (found.isSymbolicLink()) return;
  await chmod(at, (found.mode & PERMISSIONS) | bits | (found.isDirectory() ? FOLDER : 0));
}

function isGroups({ gid, mode }: Stats, group: number, bits: number): boolean {
  return gid === group && (mode & bits) === bits;
}
