import { readdir, rmdir } from "node:fs/promises";
import path from "node:path";

/** The cgroup of one pod, under the node's. */
export function podCgroup(parent: string, uid: string): string {
  return `${parent}/pod${uid}`;
}

/**
 * Removes a pod's cgroup and what is in it, in every hierarchy (version 1 has one per controller). Only empty cgroups
 * can be removed: nothing is ended by it.
 *
 * @param name - As the runtime names it: `/fairlead/node1/pod1234`.
 * @param root - Where the hierarchies are mounted.
 */
export async function removeCgroup(name: string, root = "/sys/fs/cgroup"): Promise<void> {
  const hierarchies = (await readdir(root, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(root, entry.name));
  for (const hierarchy of [root, ...hierarchies]) await removeTree(path.join(hierarchy, name));
}

async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return;
  for (const entry of entries) if (entry.isDirectory()) await removeTree(path.join(folder, entry.name));
  await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
