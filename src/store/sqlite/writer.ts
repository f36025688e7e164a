import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { KeyValue, StoreEvent } from "../store.ts";
import { EXPIRED } from "./has-expired.ts";
import { prepareHistory } from "./history.ts";
import { inTransaction } from "./in-transaction.ts";
import { compactedRevision, firstRow, newestRevision, revisionOfRow, SELECT_CURRENT } from "./schema.ts";
import type { LiveRow, Tail } from "./tail.ts";
import { openTail, readableRows } from "./tail.ts";
import { commitToTail, missedBy } from "./tail-commit.ts";

/** A transaction as it goes to the writer: times are absolute, since they are the caller's clock's. */
export interface WriteRequest {
  readonly compare: readonly { readonly key: string; readonly modRevision: number }[];
  readonly success: readonly WriteRow[];
  readonly failure: readonly string[];
  /** See `TxnRequest.forDeletion`. */
  readonly forDeletion?: boolean | undefined;
  /** Whether the caller gave a `maxDelayMs`: small requests of that kind may be committed to the tail of the log. */
  readonly mayWait?: boolean;
}

export interface WriteRow {
  readonly key: string;
  /** Absent: delete. */
  readonly value?: Uint8Array;
  readonly expiresMs?: number;
}

export interface WriteResult {
  readonly succeeded: boolean;
  readonly revision: number;
  readonly read: readonly (KeyValue | undefined)[];
  readonly events: readonly StoreEvent[];
  /** Whether the events are in the tail of the log and not in the database yet. */
  readonly inTail?: boolean;
}

/** Writes transactions to the database. Synchronous, and the only one who writes. */
export interface Writer {
  /** Returns the newest revision, including the tail. */
  newest(): number;
  /**
   * Carries out all of them in order and makes them durable together; when that fails, none of them happened.
   *
   * @param usesTail - Whether small requests that may wait may be committed to the tail.
   */
  commit(requests: readonly WriteRequest[], usesTail: boolean): readonly WriteResult[];
  /** Deletes some of the keys with an expired time to live. Undefined when there are none. */
  expire(nowMs: number): WriteResult | undefined;
  /** From now on `revision` is the oldest that can be read. At most the next one, which has not happened yet. */
  startCompaction(revision: number): void;
  /** Removes some of the compacted rows. False when there are no more of them. */
  compactSome(): boolean;
  /** Moves the tail into the database. */
  emptyTail(): void;
}

/** Most expired keys that one transaction deletes: other writes wait for it. */
const EXPIRE_KEYS = 500;
/**
 * Rows of the log after which `past` gets the rows that they replaced: an index that changes with every write costs each
 * of them a page. Reads of earlier revisions search the rows that are not indexed yet.
 */
const INDEX_ROWS = 1_000;

/** @param tailFile - Path of the tail's file. */
export function createWriter(db: DatabaseSync, tailFile: string): Writer & { readonly tail: Tail } {
  const rows = prepareRows(db);
  const history = prepareHistory(db);
  const tail = openTail(tailFile, { newestRevision: newestRevision(db), live: rows.live });
  let revision = newestRevision(db) + tail.rows.length;
  let unindexed = history.countUnindexed();
  /** The newest compaction that was requested. The database records it at the latest together with the tail. */
  let compacted = compactedRevision(db);

  const live = (key: string) => tail.live(key) ?? rows.live(key);

  /** Commits the tail to the database, followed by the writes of `work`. */
  function appendToLog<T>(work: () => T): T {
    const before = { revision, unindexed };
    try {
      const result = inTransaction(db, () => {
        if (tail.rows.length > 0) writeTail();
        const written = work();
        if (unindexed >= INDEX_ROWS) {
          history.indexPast();
          unindexed = 0;
        }
        return written;
      });
      tail.clear();
      return result;
    } catch (error) {
      ({ revision, unindexed } = before);
      throw error;
    }
  }

  /** Writes the rows of the tail, except those that compaction has made unreadable. */
  function writeTail(): void {
    for (const { id, item, replaced } of readableRows(tail.rows, compacted)) {
      rows.put({ id, ...item, previous: replaced.id });
      unindexed += 1;
    }
    if (compacted > compactedRevision(db)) history.setCompacted(compacted);
  }

  function write(request: WriteRequest): WriteResult {
    const { compare, success } = request;
    // Most transactions write or read the keys that they compare, and none writes a key twice.
    const compared = new Map(compare.map(({ key }) => [key, rows.live(key)]));
    const current = (key: string) => (compared.has(key) ? compared.get(key) : rows.live(key));
    const missed = missedBy(request, { revision, live: current });
    if (missed !== undefined) return missed;
    const events: StoreEvent[] = [];
    for (const row of success) {
      const event = writeRow(row, { previous: current(row.key), place: events.length });
      if (event !== undefined) events.push(event);
    }
    if (events.length > 0) revision += 1;
    return { succeeded: true, revision, read: [], events };
  }

  function writeRow({ key, value, expiresMs }: WriteRow, { previous, place }: Replaced): StoreEvent | undefined {
    const modRevision = revision + 1;
    const id = firstRow(modRevision) + place;
    if (value === undefined) {
      if (previous === undefined) return undefined;
      rows.delete({ id, key, createRevision: 0, version: 0, previous: previous.id });
      unindexed += 1;
      return { type: "delete", key, modRevision, previous: previous.item };
    }
    const createRevision = previous?.item.createRevision ?? modRevision;
    const version = (previous?.item.version ?? 0) + 1;
    rows.put({ id, key, createRevision, version, value, previous: previous?.id, expiresMs });
    unindexed += 1;
    return { type: "put", item: { key, value, createRevision, modRevision, version }, previous: previous?.item };
  }

  return {
    tail,
    newest: () => revision,

    commit(requests, usesTail) {
      const results = usesTail ? commitToTail(requests, { tail, revision, live }) : undefined;
      revision = results?.at(-1)?.revision ?? revision;
      return results ?? appendToLog(() => requests.map(write));
    },

    expire(nowMs) {
      if (rows.expired(nowMs).length === 0) return undefined;
      // Looks again when the database has the tail: a value of the tail may have replaced the one that expires.
      const result = appendToLog(() => write({ compare: [], success: rows.expired(nowMs), failure: [] }));
      return result.events.length > 0 ? result : undefined;
    },

    startCompaction(wanted) {
      compacted = Math.max(compacted, wanted);
      const ofFile = Math.min(compacted, newestRevision(db) + 1);
      if (ofFile > compactedRevision(db)) inTransaction(db, () => history.setCompacted(ofFile));
    },
    compactSome: () => inTransaction(db, () => history.removeSome(compactedRevision(db))),

    emptyTail() {
      if (tail.rows.length > 0) appendToLog(() => {});
    },
  };
}

interface Replaced {
  /** The key's current row; `undefined` for a key that is being created. */
  readonly previous: LiveRow | undefined;
  /** Place of the new row in its transaction, from 0. */
  readonly place: number;
}

interface InsertedRow {
  readonly id: number;
  readonly key: string;
  readonly createRevision: number;
  readonly version: number;
  readonly value?: Uint8Array;
  readonly previous: number | undefined;
  readonly expiresMs?: number | undefined;
}

/** The statements, each prepared once. */
function prepareRows(db: DatabaseSync) {
  const live = db.prepare(SELECT_CURRENT);
  const setLive = db.prepare("INSERT INTO live VALUES (?, ?) ON CONFLICT DO UPDATE SET id = excluded.id");
  const removeLive = db.prepare("DELETE FROM live WHERE key = ?");
  const insertRow = db.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)");
  const expired = db.prepare(`SELECT log.key FROM ${EXPIRED} LIMIT ?`);

  function insert({ id, key, createRevision, version, previous, expiresMs, value }: InsertedRow): void {
    insertRow.run(id, key, createRevision, version, previous ?? null, expiresMs ?? null, value ?? null);
  }

  return {
    live: (key: string) => liveRow(live, key),
    put(row: InsertedRow): void {
      insert(row);
      setLive.run(row.key, row.id);
    },
    delete(row: InsertedRow): void {
      insert(row);
      removeLive.run(row.key);
    },
    expired: (nowMs: number) => expired.all(nowMs, EXPIRE_KEYS).map(({ key }) => ({ key: String(key) })),
  };
}

function liveRow(statement: StatementSync, key: string): LiveRow | undefined {
  const row = statement.get(key);
  return row === undefined ? undefined : { id: Number(row.id), item: keyValueOf(row) };
}

/** Returns a row of the log in the form that callers get. The table is STRICT: its columns have the types it declares. */
export function keyValueOf(row: Readonly<Record<string, unknown>>): KeyValue {
  return {
    key: row.key as string,
    value: row.value as Uint8Array,
    createRevision: row.create_revision as number,
    modRevision: revisionOfRow(row.id as number),
    version: row.version as number,
  };
}
