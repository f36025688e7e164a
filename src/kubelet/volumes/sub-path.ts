import { type FileHandle, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { makeBeneath, openBeneath, openInPlace } from "./open-beneath.ts";
import { VolumeError } from "./volume-error.ts";

/** Upstream's words for what fails when the part of the volume is there. */
export const PREPARE = "prepare subPath";

/** What a `subPath` is opened for, and how. */
export interface SubPathUse {
  /** Named in messages, which say nothing of the files on the machine. */
  readonly container: string;
  readonly volumeName: string;
  /** Returns a path without links. Default: realpath(3). */
  readonly resolve?: (path: string) => Promise<string>;
}

/**
 * Opens the part of a volume that `subPath` names. Missing folders are made with the volume's own mode. Links inside the
 * volume are followed as long as they stay in it.
 *
 * Containers that write to the volume may replace any component at any time. The descriptor is reached without following
 * a link, so that it stands for a file in the volume; a path would have to be looked up again. The caller closes it.
 *
 * @throws {VolumeError} in upstream's words.
 */
export async function openSubPath(volume: string, subPath: string, use: SubPathUse): Promise<FileHandle> {
  const { resolve = realpath } = use;
  if (subPath.startsWith("/")) throw new VolumeError(`error SubPath \`${subPath}\` must not be an absolute path`);
  if (subPath.split("/").includes("..")) {
    throw new VolumeError(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  }
  const folder = await resolve(volume).catch((error: NodeJS.ErrnoException) => {
    // A path of the machine that does not exist yet: the pod names it itself.
    throw error.code === "ENOENT"
      ? new VolumeError(`stat ${volume}: no such file or directory`)
      : subPathRefusal(PREPARE, use, error);
  });
  const wanted = path.join(folder, subPath);
  try {
    await using root = await openInPlace(folder);
    if (!(await isThere(wanted))) {
      await makeMissing({ folder, root, wanted, resolve }).catch((error) => {
        throw subPathRefusal("create subPath directory", use, error);
      });
    }
    return await openBeneath(root, namesWithin(folder, await resolve(wanted)));
  } catch (error) {
    throw error instanceof VolumeError ? error : subPathRefusal(PREPARE, use, error);
  }
}

/** Returns the error of a mount that cannot be made; its message does not have the cause. */
export function subPathRefusal(
  what: string,
  { container, volumeName }: Pick<SubPathUse, "container" | "volumeName">,
  cause: unknown,
): VolumeError {
  return new VolumeError(`failed to ${what} for volumeMount "${volumeName}" of container "${container}"`, { cause });
}

interface Missing {
  readonly folder: string;
  /** The descriptor of `folder`. */
  readonly root: FileHandle;
  readonly wanted: string;
  readonly resolve: (path: string) => Promise<string>;
}

/** Makes the folders from the first one that is not there. Links before that one are followed within the volume. */
async function makeMissing({ folder, root, wanted, resolve }: Missing): Promise<void> {
  const names = path.relative(folder, wanted).split("/");
  let there = 0;
  while (there < names.length && (await isThere(path.join(folder, ...names.slice(0, there + 1))))) there += 1;
  const parent = namesWithin(folder, await resolve(path.join(folder, ...names.slice(0, there))));
  await using from = await openBeneath(root, parent);
  await makeBeneath(from, names.slice(there), (await root.stat()).mode & 0o7777);
}

/** Returns the components that lead from the folder to a path in it. Throws when it is not in the folder. */
function namesWithin(folder: string, real: string): readonly string[] {
  if (real === folder) return [];
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  if (!real.startsWith(prefix)) throw new Error(`${real} is not in ${folder}`);
  return real.slice(prefix.length).split("/");
}

/** Follows links: only to decide what to make. */
function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
