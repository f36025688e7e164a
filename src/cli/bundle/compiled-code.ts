import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";

/** Behind the code: its CRC-32. V8 checks the version, the flags and the length, but not the content. */
const CHECKSUM_BYTES = 4;

/**
 * Reads compiled code that {@link writeCompiledCode} has kept; undefined where there is none, or where the file is damaged.
 */
export function readCompiledCode(file: string): Buffer | undefined {
  const bytes = contentOf(file);
  if (bytes === undefined || bytes.length < CHECKSUM_BYTES) return undefined;
  const code = bytes.subarray(0, -CHECKSUM_BYTES);
  return bytes.readUInt32LE(code.length) === crc32(code) ? code : undefined;
}

/** Keeps compiled code for the next process, which finds the whole of it or nothing. What cannot be kept is compiled again. */
export function writeCompiledCode(file: string, code: Buffer): void {
  const draft = `${file}.${process.pid}`;
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(code));
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(draft, Buffer.concat([code, checksum]), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    removeDraft(draft);
  }
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** On a full disk, or a read-only one. */
function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // It is in no one's way.
  }
}
