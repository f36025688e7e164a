import { rm } from "node:fs/promises";
import { mountsBelow, unmount } from "./mounts.ts";

/**
 * Removes all files of a pod that has ended. What is mounted there is unmounted first, and nothing is deleted while
 * anything still is: the files behind a mount are not the pod's.
 */
export async function removePodFolder(folder: string): Promise<void> {
  for (const target of await mountsBelow(folder)) await unmount(target);
  const left = await mountsBelow(folder);
  if (left.length > 0) throw new Error(`still mounted: ${left.join(", ")}`);
  await rm(folder, { recursive: true, force: true });
}
