import type { FileHandle } from "node:fs/promises";
import { copyFile, open, rename, stat, truncate } from "node:fs/promises";

const LOG_MAX_BYTES = 10 * 1024 * 1024;
const OLD_FILES = 2;

/** Opens a program's log for its standard output. The program writes to the file itself, so it needs no reader. */
export function openLog(file: string): Promise<FileHandle> {
  return open(file, "a", 0o600);
}

/**
 * Moves a log that has grown too large out of the way: `x.log` becomes `x.log.1`.
 *
 * It is copied and cut, because the program goes on writing to the same open file.
 */
export async function rotateLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (s) => s.size,
    () => 0,
  );
  if (size < LOG_MAX_BYTES) return;
  for (let n = OLD_FILES - 1; n >= 1; n--) await rename(`${file}.${n}`, `${file}.${n + 1}`).catch(() => {});
  await copyFile(file, `${file}.1`);
  await truncate(file);
}
