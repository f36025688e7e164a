import type { FileHandle } from "node:fs/promises";

const BLOCK_BYTES = 65_536;
const LINE_FEED = 0x0a;

/**
 * Returns the offset of the last `lineCount` lines of a file, in bytes. As upstream, a last line without its line feed
 * does not count: it is still being written.
 */
export async function tailOffset(file: FileHandle, lineCount: number): Promise<number> {
  const { size } = await file.stat();
  const block = Buffer.alloc(BLOCK_BYTES);
  // The line feed in front of the first of these lines ends the line before.
  let left = lineCount + 1;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    for (let at = bytesRead - 1; at >= 0; at--) {
      if (block[at] !== LINE_FEED) continue;
      left -= 1;
      if (left === 0) return start + at + 1;
    }
    end = start;
  }
  return 0;
}
