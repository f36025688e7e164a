import { mkdir, stat } from "node:fs/promises";
import type { LocalVolumeSource } from "../../../api/core/v1/persistentvolume/volume-sources.ts";
import type { PersistentVolume } from "../../../api/core/v1/persistentvolume.ts";
import type { Pod } from "../../../api/core/v1/pod/pod.ts";
import { prepareHostPath } from "../host-path.ts";
import type { PodPaths } from "../pod-paths.ts";
import { VolumeError } from "../volume-error.ts";
import { applyFsGroup } from "./apply-fs-group.ts";

/**
 * Makes a persistent volume ready for a pod.
 *
 * @returns its folder or file on this machine.
 * @throws {VolumeError} with upstream's whole sentence.
 */
export async function preparePersistentVolume(
  { metadata, spec }: PersistentVolume,
  { pod, paths, readOnly }: { readonly pod: Pod; readonly paths: PodPaths; readonly readOnly: boolean },
): Promise<string> {
  const quoted = JSON.stringify(metadata.name);
  try {
    // The one or the other: others are refused before.
    if (spec.local === undefined) return await prepareHostPath(spec.hostPath ?? { path: "", type: "Directory" });
    await checkLocal(spec.local, quoted);
    const isNew = (await mkdir(paths.volume("local-volume", metadata.name), { recursive: true })) !== undefined;
    if (isNew) await applyFsGroup(spec.local.path, pod.spec.securityContext, { readOnly });
    return spec.local.path;
  } catch (error) {
    if (error instanceof VolumeError && error.message.startsWith("MountVolume.")) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new VolumeError(`MountVolume.SetUp failed for volume ${quoted} : ${why}`, { cause: error });
  }
}

async function checkLocal({ path, fsType }: LocalVolumeSource, quoted: string): Promise<void> {
  const failed = (why: string) =>
    new VolumeError(`MountVolume.NewMounter initialization failed for volume ${quoted} : ${why}`);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw failed(`path ${JSON.stringify(path)} does not exist`);
  if (found.isBlockDevice()) {
    const what = fsType === undefined ? "" : ` with a file system ${fsType}`;
    throw failed(`local volumes on a block device${what} are not supported`);
  }
  if (!found.isDirectory()) throw failed("only directory and block device are supported");
}
