import { deflateRawSync, inflateRawSync } from "node:zlib";
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
 * The newest changes, durable in a file of their own, and not in the database yet.
 *
 * A commit to the database writes some 20 KiB of pages, of which a renewed lease has changed 50 bytes: what an idle cluster
 * writes is nearly all that. Here a value is written as what differs from the one before.
 */
export interface Tail {
  /** In the order of their revisions, each the next after the one before; the first follows the database's newest. */
  readonly rows: readonly TailRow[];
  live(key: string): TailRow | undefined;
  /** Whether this many more rows are better added than brought into the database with the others. */
  hasRoomFor(count: number): boolean;
  /** Adds rows, which are durable when this returns. Throws when they are not, and has added none then. */
  append(rows: readonly TailRow[]): void;
  /** Everything is in the database now. */
  clear(): void;
  close(): void;
}

/** What the database knows, which the tail goes on from. */
export interface TailBase {
  readonly newestRevision: number;
  live(key: string): LiveRow | undefined;
}

/** The database gets them then. In memory, they are as large as their values. */
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
        // The next one to read the file passes over what the database has.
      }
    },
    close: () => tailFile.close(),
  };
}

/** As the event that watchers were told of. */
export function eventOfRow({ item, replaced }: TailRow): Extract<StoreEvent, { type: "put" }> {
  return { type: "put", item, previous: replaced.item };
}

/** Rows that can be read at `compacted` or later. One whose predecessor is left out follows the one before that. */
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
 * Rows that follow the database's newest, without a gap. Others were brought into the database by a process that ended
 * before it cleared the file, or belong to another file in whose place this database was put.
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
    rows.push(row);
    newestOf.set(head.key, row);
  }
  return { rows, newestOf };
}

interface Head {
  readonly id: number;
  readonly replaced: number;
  readonly key: string;
  /** The value, compressed with the replaced one as the dictionary. */
  readonly difference: Buffer;
}

/** A record: the length of its head, the head as JSON, and the compressed value. */
const LENGTH_BYTES = 2;

function encodeRow({ id, item, replaced }: TailRow): Buffer {
  const head = Buffer.from(JSON.stringify([id, replaced.id, item.key]));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16LE(head.length);
  return Buffer.concat([length, head, deflateRawSync(item.value, dictionaryOf(replaced))]);
}

function headOf(record: Buffer): Head {
  const end = LENGTH_BYTES + record.readUInt16LE();
  const [id, replaced, key] = JSON.parse(record.toString("utf8", LENGTH_BYTES, end));
  return { id, replaced, key, difference: record.subarray(end) };
}

function decodeRow({ id, key, difference }: Head, replaced: LiveRow): TailRow {
  const value = new Uint8Array(inflateRawSync(difference, dictionaryOf(replaced)));
  const { createRevision, version } = replaced.item;
  return { id, replaced, item: { key, value, createRevision, modRevision: revisionOfRow(id), version: version + 1 } };
}

function dictionaryOf({ item }: LiveRow) {
  return { dictionary: item.value };
}
