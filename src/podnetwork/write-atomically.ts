import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Writes the file such that readers see the old text or the new one, whole. A file that already says so is left alone.
 *
 * For folders that a container runtime watches, as it does that of CNI configurations. The draft lies in a folder of its
 * own inside: certainly on the same file system, and nothing that the runtime looks into. containerd looks again when
 * something is written, renamed away or removed, not when something appears: the draft's folder has to go last.
 *
 * @returns Whether it had to be written.
 */
export async function writeAtomically(file: string, text: string): Promise<boolean> {
  const present = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (present === text) return false;
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const draftFolder = await mkdtemp(path.join(folder, DRAFT_PREFIX));
  try {
    const draft = path.join(draftFolder, path.basename(file));
    await writeFile(draft, text);
    await rename(draft, file);
  } finally {
    await rm(draftFolder, { recursive: true, force: true });
  }
  return true;
}

/** Hidden: for people, too, there is nothing to see in it. */
const DRAFT_PREFIX = ".fairlead-";
