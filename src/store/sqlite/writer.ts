import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { KeyValue, StoreEvent } from "../store.ts";
import { EXPIRED } from "./has-expired.ts";
import { prepareHistory } from "./history.ts";
import { compactedRevision, firstRow, newestRevision, revisionOfRow } from "./schema.ts";

/** A transaction as it goes to the writer: times are absolute, since they are the caller's clock's. */
export interface WriteRequest {
  readonly compare: readonly { readonly key: string; readonly modRevision: number }[];
  readonly success: readonly WriteRow[];
  readonly failure: readonly string[];
  /** See `TxnRequest.forDeletion`. */
  readonly forDeletion?: boolean | undefined;
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
}

/** Writes transactions to the database. Synchronous, and the only one who writes. */
export interface Writer {
  /** Carries out all of them in order and makes them durable together; when that fails, none of them happened. */
  commit(requests: readonly WriteRequest[]): readonly WriteResult[];
  /** Deletes the keys whose time has come. Undefined when there are none. */
  expire(nowMs: number): WriteResult | undefined;
  /** From now on `revision` is the oldest that can be read. At most the next one, which has not happened yet. */
  startCompaction(revision: number): void;
  /** Removes some of the rows that nobody can read any more. False when there are no more of them. */
  compactSome(): boolean;
}

/** Most keys that one transaction deletes because they have expired. */
const EXPIRE_KEYS = 500;
/**
 * Rows of the log after which `past` gets the rows that they replaced: an index that changes with every write costs each
 * of them a page. Reads of earlier revisions search the rows that are not indexed yet.
 */
const INDEX_ROWS = 1_000;

export function createWriter(db: DatabaseSync): Writer {
  const rows = prepareRows(db);
  const history = prepareHistory(db);
  let revision = newestRevision(db);
  let unindexed = history.countUnindexed();

  function inTransaction<T>(work: () => T): T {
    const before = { revision, unindexed };
    db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      if (unindexed >= INDEX_ROWS) {
        history.indexPast();
        unindexed = 0;
      }
      db.exec("COMMIT");
      return result;
    } catch (error) {
      ({ revision, unindexed } = before);
      // SQLite has rolled back by itself after some errors (disk full among them).
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }

  function write({ compare, success, failure }: WriteRequest): WriteResult {
    const holds = compare.every(({ key, modRevision }) => (rows.live(key)?.item.modRevision ?? 0) === modRevision);
    if (!holds) return { succeeded: false, revision, read: failure.map((key) => rows.live(key)?.item), events: [] };
    const events: StoreEvent[] = [];
    for (const row of success) {
      const event = writeRow(row, events.length);
      if (event !== undefined) events.push(event);
    }
    if (events.length > 0) revision += 1;
    return { succeeded: true, revision, read: [], events };
  }

  function writeRow({ key, value, expiresMs }: WriteRow, place: number): StoreEvent | undefined {
    const modRevision = revision + 1;
    const id = firstRow(modRevision) + place;
    const previous = rows.live(key);
    if (value === undefined) {
      if (previous === undefined) return undefined;
      rows.insert({ id, key, createRevision: 0, version: 0, previous: previous.id });
      rows.removeLive(key);
      unindexed += 1;
      return { type: "delete", key, modRevision, previous: previous.item };
    }
    const createRevision = previous?.item.createRevision ?? modRevision;
    const version = (previous?.item.version ?? 0) + 1;
    rows.insert({ id, key, createRevision, version, value, previous: previous?.id, expiresMs });
    rows.setLive(key, id);
    unindexed += 1;
    return { type: "put", item: { key, value, createRevision, modRevision, version }, previous: previous?.item };
  }

  return {
    commit: (requests) => inTransaction(() => requests.map(write)),

    expire(nowMs) {
      const due = rows.expired(nowMs);
      if (due.length === 0) return undefined;
      return inTransaction(() => write({ compare: [], success: due.map((key) => ({ key })), failure: [] }));
    },

    startCompaction: (wanted) => inTransaction(() => history.setCompacted(wanted)),
    compactSome: () => inTransaction(() => history.removeSome(compactedRevision(db))),
  };
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
  const live = db.prepare(
    "SELECT log.id, log.key, create_revision, version, value FROM live JOIN log ON log.id = live.id WHERE live.key = ?",
  );
  const setLive = db.prepare("INSERT INTO live VALUES (?, ?) ON CONFLICT DO UPDATE SET id = excluded.id");
  const removeLive = db.prepare("DELETE FROM live WHERE key = ?");
  const insert = db.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?)");
  const expired = db.prepare(`SELECT log.key FROM ${EXPIRED} LIMIT ?`);
  return {
    live: (key: string) => liveRow(live, key),
    setLive: (key: string, id: number) => void setLive.run(key, id),
    removeLive: (key: string) => void removeLive.run(key),
    insert(row: InsertedRow): void {
      const { id, key, createRevision, version, previous, expiresMs, value } = row;
      insert.run(id, key, createRevision, version, previous ?? null, expiresMs ?? null, value ?? null);
    },
    expired: (nowMs: number) => expired.all(nowMs, EXPIRE_KEYS).map((row) => String(row.key)),
  };
}

function liveRow(statement: StatementSync, key: string): { readonly id: number; readonly item: KeyValue } | undefined {
  const row = statement.get(key);
  return row === undefined ? undefined : { id: Number(row.id), item: keyValueOf(row) };
}

/** A row of the log as it is given to callers. The table is STRICT: its columns have the types it declares. */
export function keyValueOf(row: Readonly<Record<string, unknown>>): KeyValue {
  return {
    key: row.key as string,
    value: row.value as Uint8Array,
    createRevision: row.create_revision as number,
    modRevision: revisionOfRow(row.id as number),
    version: row.version as number,
  };
}
