import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";

/** `O_PATH` of open(2), which Node does not name: the descriptor only stands for the file, and opens no device or pipe. */
const O_PATH = 0o10000000;
const { O_NOFOLLOW, O_DIRECTORY, O_RDONLY } = constants;

/**
 * Opens the file or folder at `path` for being looked up only, and does not follow a link in the last component. The
 * descriptor stands for that file whatever is renamed or replaced afterwards.
 */
export function openInPlace(path: string): Promise<FileHandle> {
  return open(path, O_PATH | O_NOFOLLOW);
}

/**
 * Opens what `names` lead to from `root`, one component at a time, and follows no link: a component that has been replaced
 * by a link is an error. The caller closes both descriptors.
 */
export async function openBeneath(root: FileHandle, names: readonly string[]): Promise<FileHandle> {
  let at = await openInPlace(folderPathOf(root));
  try {
    for (const name of names) at = await stepInto(at, (folder) => openInPlace(childOf(folder, name)));
    return at;
  } catch (error) {
    await at.close();
    throw error;
  }
}

/**
 * Makes the folders that `names` lead to from `root`, and follows no link. Folders that are there stay unchanged.
 *
 * @param mode - Permission bits of the new folders, whatever the umask is.
 */
export async function makeBeneath(root: FileHandle, names: readonly string[], mode: number): Promise<void> {
  let at = await openInPlace(folderPathOf(root));
  try {
    for (const name of names) at = await stepInto(at, (folder) => makeFolder(childOf(folder, name), mode));
  } finally {
    await at.close();
  }
}

/** Opens the next folder and closes the one before it. Throws when the next is a link. */
async function stepInto(from: FileHandle, next: (from: FileHandle) => Promise<FileHandle>): Promise<FileHandle> {
  const to = await next(from);
  try {
    if ((await to.stat()).isSymbolicLink()) throw new Error("a component of the path is a link");
  } catch (error) {
    await to.close();
    throw error;
  }
  await from.close();
  return to;
}

async function makeFolder(path: string, mode: number): Promise<FileHandle> {
  const made = await makeOne(path);
  // Opened for reading: the kernel changes no mode through a descriptor that only stands for a file.
  const folder = await open(path, O_RDONLY | O_NOFOLLOW | O_DIRECTORY);
  try {
    if (made) await folder.chmod(mode);
    return folder;
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Returns false when something has that name: another container of the pod may have needed the same folder. */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Names the file behind a descriptor, for calls that follow links: the kernel goes to it directly, past any name that it has
 * or had. Of a link it is the link itself, which is not followed any further.
 */
export function procPathOf({ fd }: FileHandle): string {
  return `/proc/self/fd/${fd}`;
}

/** The same of a folder, for calls that do not follow links. */
function folderPathOf(folder: FileHandle): string {
  return `${procPathOf(folder)}/`;
}

/** Path of what has this name in a folder. Throws when it is none, or leads elsewhere. */
export function childOf(folder: FileHandle, name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/")) throw new Error(`"${name}" is not a name`);
  return `${folderPathOf(folder)}${name}`;
}
