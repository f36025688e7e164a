import { rm } from "node:fs/promises";
import { removeSubPathTargets } from "./bind-sub-path.ts";
import { unmountBelow } from "./mounts.ts";
import { subPathsFolder } from "./pod-paths.ts";

/**
 * Removes all files of a pod that has ended. What is mounted there is unmounted first, and nothing is deleted while
 * anything still is: the files behind a mount are not the pod's.
 */
export async function removePodFolder(folder: string): Promise<void> {
  await unmountBelow(folder);
  await removeSubPathTargets(subPathsFolder(folder));
  await rm(folder, { recursive: true, force: true });
}
