import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, statfsSync, writeSync } from "node:fs";

/** A larger part of a small disk would be missed. */
const DISK_PART = 1 / 16;
/** Beside a whole reserve this part of its size has to be free: write-ahead log and indexes grow before they shrink. */
const SPARE_PART = 1 / 2;
/** Up to this part of its size it is given up as a whole. */
const SMALL_PART = 1 / 8;
const CHUNK_BYTES = 1024 * 1024;
const PAGE_BYTES = 4_096;

/** A file that reserves disk space for deletions on a full disk. */
export interface Reserve {
  /** Its full size in bytes: what was asked for, or less on a small disk. */
  readonly bytes: number;
  /** Whether it has its full size. */
  isWhole(): boolean;
  /** Whether the disk has room for its full size, counting what it holds, and for the spare half. */
  hasRoom(): boolean;
  /** Frees half of what the file takes up, or all when that is little. Returns false when there was nothing. */
  giveUpSome(): boolean;
  /** Makes the file as large as the disk allows while half of the full size stays free. */
  fill(): void;
  /** Gives it its full size if the disk has room. */
  fillIfWhole(): void;
  close(): void;
}

export interface ReserveOptions {
  readonly file: string;
  /** 0: no reserve, which counts as whole. */
  readonly bytes: number;
  readonly disk?: Disk;
}

/** Sizes of the file system that has a file, in bytes. */
export type Disk = (file: string) => { readonly totalBytes: number; readonly freeBytes: number };

/** Opens the file, which is made without content when it is missing. */
export function openReserve({ file, bytes: wanted, disk = diskOf }: ReserveOptions): Reserve {
  if (wanted <= 0) return NONE;
  const fd = openSync(file, "a", 0o600);
  const bytes = wholePages(Math.min(wanted, disk(file).totalBytes * DISK_PART));
  const spareBytes = bytes * SPARE_PART;
  // Random: a file system that compresses would store zeros in no room.
  const chunk = randomBytes(CHUNK_BYTES);
  const heldBytes = () => fstatSync(fd).size;

  function growTo(size: number): void {
    try {
      for (let held = heldBytes(); held < size; held += writeSync(fd, chunk, 0, Math.min(CHUNK_BYTES, size - held)));
    } catch {
      // There was less room than the file system reported: keeps what was written, and retries the rest later.
    }
  }

  const hasRoom = () => heldBytes() + disk(file).freeBytes >= bytes + spareBytes;

  return {
    bytes,
    hasRoom,
    isWhole: () => heldBytes() >= bytes,
    giveUpSome() {
      const held = heldBytes();
      if (held === 0) return false;
      ftruncateSync(fd, held > bytes * SMALL_PART ? wholePages(held / 2) : 0);
      // Some file systems free the blocks with this.
      fsyncSync(fd);
      return true;
    },
    fill: () => growTo(Math.min(bytes, wholePages(heldBytes() + disk(file).freeBytes - spareBytes))),
    fillIfWhole() {
      if (hasRoom()) growTo(bytes);
    },
    close: () => closeSync(fd),
  };
}

const NONE: Reserve = {
  bytes: 0,
  isWhole: () => true,
  hasRoom: () => true,
  giveUpSome: () => false,
  fill: () => {},
  fillIfWhole: () => {},
  close: () => {},
};

export function diskOf(file: string): ReturnType<Disk> {
  const { bsize, blocks, bavail } = statfsSync(file);
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize };
}

function wholePages(bytes: number): number {
  return Math.floor(bytes / PAGE_BYTES) * PAGE_BYTES;
}
