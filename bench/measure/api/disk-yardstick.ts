import { open, rm } from "node:fs/promises";
import path from "node:path";

const SECONDS = 1;
const BYTES = 4_096;

/** How many times a second 4 KiB are appended to a file of the folder and are on its disk (fdatasync), one after another. */
export async function durableWritesPerSecond(folder: string): Promise<number> {
  const file = path.join(folder, "yardstick");
  const handle = await open(file, "w");
  try {
    const startedMs = performance.now();
    let count = 0;
    for (; performance.now() - startedMs < SECONDS * 1000; count++) {
      await handle.write(Buffer.alloc(BYTES, count));
      await handle.datasync();
    }
    return (count * 1000) / (performance.now() - startedMs);
  } finally {
    await handle.close();
    await rm(file);
  }
}
