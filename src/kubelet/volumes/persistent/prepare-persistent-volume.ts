import { mkdir, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { LocalVolumeSource } from "@fairlead/api/core/v1/persistentvolume/volume-sources";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { goQuote } from "@fairlead/api/go-quote";
import { fsGroupOf } from "../fs-group.ts";
import { prepareHostPath } from "../host-path.ts";
import type { PodPaths } from "../pod-paths.ts";
import { VolumeError } from "../volume-error.ts";
import { applyFsGroup } from "./apply-fs-group.ts";

/** For whom a persistent volume is made ready. */
export interface VolumeUse {
  readonly pod: Pod;
  readonly paths: PodPaths;
  readonly readOnly: boolean;
  /** Reports to the pod's owner a problem with which the volume can still be used. */
  readonly warn: (reason: string, message: string) => void;
}

/**
 * Makes a persistent volume ready for a pod.
 *
 * @returns its folder or file on this machine.
 * @throws {VolumeError} with upstream's whole sentence.
 */
export async function preparePersistentVolume({ metadata, spec }: PersistentVolume, use: VolumeUse): Promise<string> {
  const quoted = goQuote(metadata.name);
  try {
    // The one or the other: others are refused before.
    if (spec.local === undefined) return await prepareHostPath(spec.hostPath ?? { path: "", type: "Directory" });
    await checkLocal(spec.local, quoted);
    await giveToGroup(metadata.name, spec.local.path, use);
    return spec.local.path;
  } catch (error) {
    if (error instanceof VolumeError && error.message.startsWith("MountVolume.")) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new VolumeError(`MountVolume.SetUp failed for volume ${quoted} : ${why}`, { cause: error });
  }
}

/** Once for a pod, and not while others have the volume: they would lose it. The pod's own folder for it says that it has. */
async function giveToGroup(name: string, folder: string, { pod, paths, readOnly, warn }: VolumeUse): Promise<void> {
  const own = paths.volume("local-volume", name);
  if (await isThere(own)) return;
  const fsGroup = fsGroupOf(pod);
  if (await isUsedByOthers(own, paths)) {
    const { gid } = await stat(folder);
    if (fsGroup !== undefined && fsGroup !== gid) {
      const text = `The requested fsGroup is ${fsGroup}, but the volume ${name} has GID ${gid}.`;
      warn("AlreadyMountedVolume", `${text} The volume may not be shareable.`);
    }
  } else if (!readOnly) {
    await applyFsGroup(folder, pod.spec.securityContext);
  }
  // Last: who is ended before it has not given everything yet.
  await mkdir(own, { recursive: true });
}

async function isUsedByOthers(own: string, paths: PodPaths): Promise<boolean> {
  const pods = path.dirname(paths.pod);
  const others = (await readdir(pods).catch(() => [])).filter((uid) => uid !== path.basename(paths.pod));
  const used = await Promise.all(others.map((uid) => isThere(path.join(pods, uid, path.relative(paths.pod, own)))));
  return used.includes(true);
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function checkLocal({ path, fsType }: LocalVolumeSource, quoted: string): Promise<void> {
  const failed = (why: string) =>
    new VolumeError(`MountVolume.NewMounter initialization failed for volume ${quoted} : ${why}`);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw failed(`path ${goQuote(path)} does not exist`);
  if (found.isBlockDevice()) {
    const what = fsType === undefined ? "" : ` with a file system ${fsType}`;
    throw failed(`local volumes on a block device${what} are not supported`);
  }
  if (!found.isDirectory()) throw failed("only directory and block device are supported");
}
