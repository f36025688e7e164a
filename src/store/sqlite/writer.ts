import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { KeyValue, StoreEvent } from "../store.ts";
import { compactedRevision, firstRow, newestRevision, revisionOfRow } from "./schema.ts";

/** A transaction as it goes to the writer: times are absolute, since they are the caller's clock's. */
export interface WriteRequest {
  readonly compare: readonly { readonly key: string; readonly modRevision: number }[];
  readonly success: readonly WriteRow[];
  readonly failure: readonly string[];
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
  /** From now on `revision` is the oldest that can be read. */
  startCompaction(revision: number): void;
  /** Removes some of the rows that nobody can read any more. False when there are no more of them. */
  compactSome(): boolean;
}

/** Rows removed in one go, so that no write waits for a whole compaction. */
const COMPACT_ROWS = 500;
const EXPIRE_KEYS = 500;

export function createWriter(db: DatabaseSync): Writer {
  const rows = prepareRows(db);
  let revision = newestRevision(db);

  function inTransaction<T>(work: () => T): T {
    const before = revision;
    db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      db.exec("COMMIT");
      return result;
    } catch (error) {
      revision = before;
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
      rows.end(previous.id, modRevision);
      rows.insert({ id, key, createRevision: 0, version: 0, previous: previous.id, until: modRevision });
      return { type: "delete", key, modRevision, previous: previous.item };
    }
    if (previous !== undefined) rows.end(previous.id, modRevision);
    const createRevision = previous?.item.createRevision ?? modRevision;
    const version = (previous?.item.version ?? 0) + 1;
    rows.insert({ id, key, createRevision, version, value, previous: previous?.id, expiresMs });
    return { type: "put", item: { key, value, createRevision, modRevision, version }, previous: previous?.item };
  }

  return {
    commit: (requests) => inTransaction(() => requests.map(write)),

    expire(nowMs) {
      const due = rows.expired(nowMs);
      if (due.length === 0) return undefined;
      return inTransaction(() => write({ compare: [], success: due.map((key) => ({ key })), failure: [] }));
    },

    startCompaction: (wanted) => inTransaction(() => rows.setCompacted(wanted)),
    compactSome: () => inTransaction(() => rows.removeDead(compactedRevision(db))),
  };
}

interface InsertedRow {
  readonly id: number;
  readonly key: string;
  readonly createRevision: number;
  readonly version: number;
  readonly value?: Uint8Array;
  readonly previous: number | undefined;
  readonly until?: number;
  readonly expiresMs?: number | undefined;
}

/** The statements, each prepared once. */
function prepareRows(db: DatabaseSync) {
  const live = db.prepare("SELECT id, key, create_revision, version, value FROM log WHERE key = ? AND until IS NULL");
  const end = db.prepare("UPDATE log SET until = ? WHERE id = ?");
  const insert = db.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const expired = db.prepare(
    "SELECT key FROM log WHERE until IS NULL AND expires_ms IS NOT NULL AND expires_ms <= ? LIMIT ?",
  );
  const setCompacted = db.prepare("UPDATE compaction SET revision = max(revision, ?)");
  const removeDead = db.prepare(
    "DELETE FROM log WHERE id IN (SELECT id FROM log WHERE until IS NOT NULL AND until < ? LIMIT ?)",
  );
  return {
    live: (key: string) => liveRow(live, key),
    end: (id: number, until: number) => void end.run(until, id),
    insert(row: InsertedRow): void {
      const { id, key, createRevision, version, previous, until, expiresMs, value } = row;
      insert.run(id, key, createRevision, version, previous ?? null, until ?? null, expiresMs ?? null, value ?? null);
    },
    expired: (nowMs: number) => expired.all(nowMs, EXPIRE_KEYS).map((row) => String(row.key)),
    setCompacted: (revision: number) => void setCompacted.run(revision),
    removeDead: (revision: number) => Number(removeDead.run(revision, COMPACT_ROWS).changes) === COMPACT_ROWS,
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
