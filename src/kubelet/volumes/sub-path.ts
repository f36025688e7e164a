import { chmod, mkdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { VolumeError } from "./volume-error.ts";

const PREPARE = "prepare subPath";

/**
 * The part of a volume that `subPath` names; made where it is not there, as folders that may be used as the volume's own
 * may be. It must not lead out of the volume, not even through a link that a pod has put there.
 *
 * @param of - Named in messages, which say nothing of what there is on the machine.
 * @throws {VolumeError} in upstream's words.
 */
export async function prepareSubPath(
  volume: string,
  subPath: string,
  of: { readonly container: string; readonly volumeName: string },
): Promise<string> {
  const refused = (what: string, cause?: unknown) =>
    new VolumeError(`failed to ${what} for volumeMount "${of.volumeName}" of container "${of.container}"`, { cause });
  if (subPath.startsWith("/")) throw new VolumeError(`error SubPath \`${subPath}\` must not be an absolute path`);
  if (subPath.split("/").includes("..")) {
    throw new VolumeError(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  }
  const root = await realpath(volume).catch((error: NodeJS.ErrnoException) => {
    // A path of the machine that nobody has made: the pod names it itself.
    throw error.code === "ENOENT"
      ? new VolumeError(`stat ${volume}: no such file or directory`)
      : refused(PREPARE, error);
  });
  const wanted = path.join(root, subPath);
  if (!(await isThere(wanted))) {
    await makeFolders(root, wanted).catch((error) => {
      throw refused("create subPath directory", error);
    });
  }
  const real = await realpath(wanted).catch((error) => {
    throw refused(PREPARE, error);
  });
  if (!isWithin(root, real)) throw refused(PREPARE);
  return real;
}

/** One after another: each is only made in a folder that was seen to be in the volume. */
async function makeFolders(root: string, wanted: string): Promise<void> {
  const { mode } = await stat(root);
  let at = root;
  for (const name of path.relative(root, wanted).split("/")) {
    const next = path.join(at, name);
    if (!(await isThere(next)) && (await make(next))) {
      // What the umask has taken away.
      await chmod(next, mode & 0o7777);
    }
    at = await realpath(next);
    if (!isWithin(root, at)) throw new Error(`${next} leads out of ${root}`);
  }
}

/** False: another container of the pod has made it meanwhile. What else there may be is seen afterwards. */
async function make(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function isWithin(root: string, real: string): boolean {
  return real === root || real.startsWith(root.endsWith("/") ? root : `${root}/`);
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
