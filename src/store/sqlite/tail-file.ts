import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";

/** Precedes each record: its length and its CRC-32, both unsigned 32-bit little-endian. */
const HEADER_BYTES = 8;

/** An append-only file of records. */
export interface TailFile {
  readonly bytes: number;
  /** Appends records and syncs them to the disk. Throws if that fails; then no record was appended. */
  append(records: readonly Uint8Array[]): void;
  clear(): void;
  close(): void;
}

/** Opens or creates the file and reads its records. Drops an incomplete record at the end: a crash interrupted its append. */
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
    // A crash may leave zeros, which would read as an empty record with a valid checksum.
    if (record.length === 0 || end > content.length || crc32(record) !== content.readUInt32LE(at + 4)) return;
    yield record;
    at = end;
  }
}
