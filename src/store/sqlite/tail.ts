import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { KeyValue, StoreEvent } from "../store.ts";
import { revisionOfRow } from "./schema.ts";
import { openTailFile } from "./tail-file.ts";

/** A key's current value and its row of the log. */
export interface LiveRow {
  readonly id: number;
  readonly item: KeyValue;
}

/** A new value of a key that had one, with the row that it will have in the log. */
export interface TailRow extends LiveRow {
  readonly replaced: LiveRow;
}

/**
 * The newest changes of the log, durable in a file of their own until they are moved into the database.
 *
 * A commit to the database writes some 20 KiB of pages, although a renewed lease differs by 50 bytes from the one before;
 * an idle cluster writes little else. The tail's file gets the compressed difference.
 */
export interface Tail {
  /** In order of revision, without gaps. The first follows the newest revision of the database. */
  readonly rows: readonly TailRow[];
  live(key: string): TailRow | undefined;
  /** Returns whether so many more rows fit. If not, the tail is due to be moved into the database. */
  hasRoomFor(count: number): boolean;
  /** Appends rows and syncs them to the disk. Throws if that fails; then no row was added. */
  append(rows: readonly TailRow[]): void;
  /** Removes all rows, after the database has committed them. */
  clear(): void;
  close(): void;
}

/** The state of the database that the tail continues. */
export interface TailBase {
  readonly newestRevision: number;
  live(key: string): LiveRow | undefined;
}

/** Limits of the tail, which two threads hold in memory with whole values, and which a start reads before it serves. */
const ROWS_MAX = 1_000;
const FILE_BYTES_MAX = 256 * 1024;

export function openTail(file: string, base: TailBase): Tail {
  const tailFile = openTailFile(file);
  const { rows, newestOf } = readRows(tailFile, base);
  if (rows.length === 0) tailFile.clear();
  return {
    rows,
    live: (key) => newestOf.get(key),
    hasRoomFor: (count) => rows.length + count <= ROWS_MAX && tailFile.bytes < FILE_BYTES_MAX,
    append(added) {
      tailFile.append(added.map(encodeRow));
      for (const row of added) {
        rows.push(row);
        newestOf.set(row.item.key, row);
      }
    },
    clear() {
      rows.length = 0;
      newestOf.clear();
      try {
        tailFile.clear();
      } catch {
        // Rows that are left in the file are skipped when it is read: the database has newer ones.
      }
    },
    close: () => tailFile.close(),
  };
}

/** Returns the event of a row for watchers. */
export function eventOfRow({ item, replaced }: TailRow): Extract<StoreEvent, { type: "put" }> {
  return { type: "put", item, previous: replaced.item };
}

/** Yields the rows that are readable at `compacted` or later, each with the row that it replaces among those and the database's. */
export function* readableRows(rows: readonly TailRow[], compacted: number): Iterable<TailRow> {
  const replacedAt = new Map(rows.map(({ replaced, item }) => [replaced.id, item.modRevision]));
  const leftOut = new Map<number, LiveRow>();
  for (const row of rows) {
    const replaced = leftOut.get(row.replaced.id) ?? row.replaced;
    if ((replacedAt.get(row.id) ?? Number.POSITIVE_INFINITY) < compacted) leftOut.set(row.id, replaced);
    else yield { ...row, replaced };
  }
}

/**
 * Returns the rows that continue the database without a gap. Skips older rows: a process that ended before it cleared the
 * file has committed them. Stops at a row that does not fit: the database was replaced by a copy, and the file was not.
 */
function readRows({ records }: ReturnType<typeof openTailFile>, base: TailBase) {
  const rows: TailRow[] = [];
  const newestOf = new Map<string, TailRow>();
  for (const record of records) {
    const head = headOf(record);
    const revision = revisionOfRow(head.id);
    if (revision <= base.newestRevision) continue;
    const replaced = newestOf.get(head.key) ?? base.live(head.key);
    const isNext = revision === base.newestRevision + rows.length + 1;
    if (!isNext || replaced?.id !== head.replaced) break;
    const row = decodeRow(head, replaced);
    if (row === undefined) break;
    rows.push(row);
    newestOf.set(head.key, row);
  }
  return { rows, newestOf };
}

interface Head {
  readonly id: number;
  readonly replaced: number;
  readonly key: string;
  /** CRC-32 of the value: compressed with another dictionary, it would become another one. */
  readonly checksum: number;
  /** The value, compressed with the replaced value as the dictionary. */
  readonly difference: Buffer;
}

/** A record begins with the length of its head, followed by the head as JSON and the compressed value. */
const LENGTH_BYTES = 2;

function encodeRow({ id, item, replaced }: TailRow): Buffer {
  const head = Buffer.from(JSON.stringify([id, replaced.id, item.key, crc32(item.value)]));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16LE(head.length);
  return Buffer.concat([length, head, deflateRawSync(item.value, dictionaryOf(replaced))]);
}

function headOf(record: Buffer): Head {
  const end = LENGTH_BYTES + record.readUInt16LE();
  const [id, replaced, key, checksum] = JSON.parse(record.toString("utf8", LENGTH_BYTES, end));
  return { id, replaced, key, checksum, difference: record.subarray(end) };
}

/** Returns undefined if the replaced value is not the one that the record was made for. */
function decodeRow({ id, key, checksum, difference }: Head, replaced: LiveRow): TailRow | undefined {
  const value = inflated(difference, replaced);
  if (value === undefined || crc32(value) !== checksum) return undefined;
  const { createRevision, version } = replaced.item;
  return { id, replaced, item: { key, value, createRevision, modRevision: revisionOfRow(id), version: version + 1 } };
}

function inflated(difference: Buffer, replaced: LiveRow): Uint8Array | undefined {
  try {
    return new Uint8Array(inflateRawSync(difference, dictionaryOf(replaced)));
  } catch {
    // Refers to more than the replaced value has.
    return undefined;
  }
}

function dictionaryOf({ item }: LiveRow) {
  return { dictionary: item.value };
}
