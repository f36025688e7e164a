import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";

/** Before each record: its length and its CRC-32. */
const HEADER_BYTES = 8;

/** A file of records that is only appended to, and emptied as a whole. */
export interface TailFile {
  readonly bytes: number;
  /** Appends the records, which are on the disk when this returns. Throws when they are not, and has appended none then. */
  append(records: readonly Uint8Array[]): void;
  clear(): void;
  close(): void;
}

/** Opens the file, which is made when it is missing, with its records. What a crash has cut off at the end is no record. */
export function openTailFile(file: string): TailFile & { readonly records: readonly Buffer[] } {
  const fd = openSync(file, "a+", 0o600);
  const content = readFileSync(fd);
  const records = [...recordsOf(content)];
  let bytes = records.reduce((sum, { length }) => sum + HEADER_BYTES + length, 0);
  if (content.length > bytes) ftruncateSync(fd, bytes);
  return {
    records,
    get bytes() {
      return bytes;
    },
    append(added) {
      const chunk = Buffer.concat(added.flatMap((record) => [headerOf(record), record]));
      try {
        for (let at = 0; at < chunk.length; at += writeSync(fd, chunk, at));
        fdatasyncSync(fd);
      } catch (error) {
        ftruncateSync(fd, bytes);
        throw error;
      }
      bytes += chunk.length;
    },
    clear() {
      if (bytes === 0) return;
      ftruncateSync(fd, 0);
      bytes = 0;
    },
    close: () => closeSync(fd),
  };
}

function headerOf(record: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(record.length);
  header.writeUInt32LE(crc32(record), 4);
  return header;
}

function* recordsOf(content: Buffer): Iterable<Buffer> {
  for (let at = 0; at + HEADER_BYTES <= content.length; ) {
    const end = at + HEADER_BYTES + content.readUInt32LE(at);
    const record = content.subarray(at + HEADER_BYTES, end);
    // Nothing is as long as zeros say that a crash has left.
    if (record.length === 0 || end > content.length || crc32(record) !== content.readUInt32LE(at + 4)) return;
    yield record;
    at = end;
  }
}
