import { chmod, chown, mkdir } from "node:fs/promises";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Volume } from "@fairlead/api/core/v1/pod/volume";
import { podMemoryLimit } from "../resources/pod-memory-limit.ts";
import { wholeValue } from "../resources/quantity-value.ts";
import { folderMode } from "./folder-mode.ts";
import { fsGroupOf } from "./fs-group.ts";
import { isMountPoint, mountTmpfs } from "./mounts.ts";
import { VolumeError } from "./volume-error.ts";

/** Keeps the owner, in chown(2). */
const UNCHANGED = -1;

type EmptyDir = NonNullable<Volume["emptyDir"]>;

/** Makes an empty folder for the pod, or leaves the one that is there as the pod's containers have made it. */
export async function prepareEmptyDir(
  pod: Pod,
  emptyDir: EmptyDir,
  { folder, allocatable }: { readonly folder: string; readonly allocatable: Readonly<Record<string, string>> },
): Promise<string> {
  const { medium = "" } = emptyDir;
  if (medium !== "" && medium !== "Memory") throw new VolumeError(`emptyDir medium ${medium} is not supported`);
  const created = await mkdir(folder, { recursive: true });
  const isToMount = medium === "Memory" && !(await isMountPoint(folder));
  if (isToMount) await mountTmpfs(folder, memorySize(pod, emptyDir, allocatable));
  const fsGroup = fsGroupOf(pod);
  if (created !== undefined || isToMount) {
    // The mode last: a change of the owner may clear bits of it.
    if (fsGroup !== undefined) await chown(folder, UNCHANGED, fsGroup);
    await chmod(folder, folderMode({ inMemory: medium === "Memory", fsGroup }));
  }
  return folder;
}

/**
 * How large a volume in memory is, in bytes: as its own limit says, but no larger than what the pod, or all pods of the
 * node, may use. Upstream's SizeMemoryBackedVolumes. `undefined`: as the machine's kernel has it.
 */
export function memorySize(
  pod: Pod,
  { sizeLimit }: EmptyDir,
  allocatable: Readonly<Record<string, string>>,
): number | undefined {
  const limits = [wholeValue(sizeLimit), podMemoryLimit(pod) ?? 0, wholeValue(allocatable.memory)];
  const set = limits.filter((bytes) => bytes > 0);
  return set.length === 0 ? undefined : Math.min(...set);
}
