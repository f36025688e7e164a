import type { FileHandle } from "node:fs/promises";

const BLOCK_BYTES = 65_536;
const LINE_FEED = 0x0a;

/** Where the last `lineCount` lines of a file begin, in bytes. An unfinished last line counts as one. */
export async function tailOffset(file: FileHandle, lineCount: number): Promise<number> {
  const { size } = await file.stat();
  if (lineCount <= 0) return size;
  const block = Buffer.alloc(BLOCK_BYTES);
  let left = lineCount;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    for (let at = bytesRead - 1; at >= 0; at--) {
      const isLast = start + at === size - 1;
      if (block[at] !== LINE_FEED || isLast) continue;
      left -= 1;
      if (left === 0) return start + at + 1;
    }
    end = start;
  }
  return 0;
}
