import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Writes the file such that readers see the old text or the new one, whole. A file that already says so is left alone.
 *
 * @returns Whether it had to be written.
 */
export async function writeAtomically(file: string, text: string): Promise<boolean> {
  const present = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (present === text) return false;
  await mkdir(path.dirname(file), { recursive: true });
  // Not ending in .conflist, or a runtime that watches the folder would read it half-written.
  const draft = `${file}.new`;
  await writeFile(draft, text);
  await rename(draft, file);
  return true;
}
