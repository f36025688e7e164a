import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";

/** Behind the code: its CRC-32. V8 checks the version, the flags and the length, but not the content. */
const CHECKSUM_BYTES = 4;

/** Code that is less than this much larger than what is kept is not worth a write. */
const GROWTH_MIN = 1.02;

/**
 * Reads compiled code that {@link keepCompiledCode} has kept; undefined where there is none, or where the file is damaged.
 */
export function readCompiledCode(file: string): Buffer | undefined {
  const bytes = contentOf(file);
  if (bytes === undefined || bytes.length < CHECKSUM_BYTES) return undefined;
  const code = bytes.subarray(0, -CHECKSUM_BYTES);
  return bytes.readUInt32LE(code.length) === crc32(code) ? code : undefined;
}

/**
 * Keeps compiled code for the next process, which finds the whole of it or nothing, unless as much is kept already: several
 * processes of one program keep theirs, and V8 drops functions that are not called any more. What cannot be kept is compiled
 * again.
 */
export function keepCompiledCode(file: string, code: Buffer): void {
  if (code.length < sizeOf(file) * GROWTH_MIN) return;
  const draft = `${file}.${process.pid}`;
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(code));
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(draft, Buffer.concat([code, checksum]), { mode: 0o600 });
    renameSync(draft, file);
  } catch {
    removeCompiledCode(draft);
  }
}

/** Removes what is kept, on a full disk a draft of it. Where that fails, nothing does. */
export function removeCompiledCode(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // readCompiledCode verifies the checksum, and V8 its own version.
  }
}

/** 0 where there is no file. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

function contentOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
