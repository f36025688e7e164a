import type { DatabaseSync } from "node:sqlite";
import { inTransaction } from "./in-transaction.ts";

/** Marks the file as ours: "Flrd" in ASCII. */
const APPLICATION_ID = 0x46_6c_72_64;
/** Goes up with each change of the layout below. */
const LAYOUT_VERSION = 3;

/**
 * One row per change of a key. The row's number is its revision times this, plus its place in the transaction, so that
 * order, revision and identity are one number: exact in a JavaScript number for 9 thousand thousand million revisions.
 */
export const ROWS_PER_REVISION = 1_000;

/** The smallest row number of a revision. */
export function firstRow(revision: number): number {
  return revision * ROWS_PER_REVISION;
}

export function revisionOfRow(row: number): number {
  return Math.floor(row / ROWS_PER_REVISION);
}

/**
 * A write touches two B-tree leaves: the end of `log`, which is only appended to, and the key's entry in `live`.
 *
 * `previous` is the row that this one replaced or deleted, NULL for a created key. `value` is NULL in a deletion, and last
 * so that the short columns are on the row's first page.
 */
const LOG = `CREATE TABLE log (
     id INTEGER PRIMARY KEY,
     key TEXT NOT NULL,
     create_revision INTEGER NOT NULL,
     version INTEGER NOT NULL,
     previous INTEGER,
     expires_ms INTEGER,
     value BLOB
   ) STRICT`;

/**
 * `live` has the row of every key's current value.
 *
 * `past` has rows that were replaced or deleted, with the revision of that change. It is written in batches: rows of the
 * log from `compaction.indexed_row` on are not in it yet, and readers take them from the end of the log. Rows from
 * `compaction.removed_row` on have not been searched yet for rows that compaction to `compaction.revision` removes.
 */
const INDEXES = [
  "CREATE TABLE live (key TEXT PRIMARY KEY, id INTEGER NOT NULL) STRICT, WITHOUT ROWID",
  "CREATE TABLE past (key TEXT, id INTEGER, until INTEGER NOT NULL, PRIMARY KEY (key, id)) STRICT, WITHOUT ROWID",
  "CREATE INDEX expiring ON log (expires_ms) WHERE expires_ms IS NOT NULL",
];

/**
 * Selects the current row of a key. A join of `live` and `log` has the same answer, but SQLite prepares it again for every
 * other key that is bound to it.
 */
export const SELECT_CURRENT =
  "SELECT id, key, create_revision, version, value FROM log WHERE id = (SELECT id FROM live WHERE key = ?)";

const NEW_FILE = [
  LOG,
  ...INDEXES,
  `CREATE TABLE compaction (
     revision INTEGER NOT NULL,
     removed_row INTEGER NOT NULL DEFAULT 0,
     indexed_row INTEGER NOT NULL DEFAULT 0
   ) STRICT`,
  "INSERT INTO compaction (revision) VALUES (0)",
  `PRAGMA application_id = ${APPLICATION_ID}`,
  `PRAGMA user_version = ${LAYOUT_VERSION}`,
];

/** Layout 1 kept `until` in the row, and had three indexes by key or by `until`, which every write changed. */
const FROM_LAYOUT_1 = [
  "DROP INDEX live",
  "DROP INDEX past",
  "DROP INDEX dead",
  "DROP INDEX expiring",
  ...INDEXES,
  "INSERT INTO live SELECT key, id FROM log WHERE until IS NULL ORDER BY key",
  "INSERT INTO past SELECT key, id, until FROM log WHERE until IS NOT NULL AND value IS NOT NULL ORDER BY key, id",
  "ALTER TABLE log DROP COLUMN until",
  "ALTER TABLE compaction ADD COLUMN removed_row INTEGER NOT NULL DEFAULT 0",
  "ALTER TABLE compaction ADD COLUMN indexed_row INTEGER NOT NULL DEFAULT 0",
  "UPDATE compaction SET indexed_row = (SELECT coalesce(max(id), 0) + 1 FROM log)",
  `PRAGMA user_version = ${LAYOUT_VERSION}`,
];

/** Layout 2 had no tail. A program without support for it would use the revisions in the tail a second time. */
const FROM_LAYOUT_2 = [`PRAGMA user_version = ${LAYOUT_VERSION}`];

/** Statements that convert a file to this layout, by the version that it has. */
const CONVERSIONS: ReadonlyMap<number, readonly string[]> = new Map([
  [1, FROM_LAYOUT_1],
  [2, FROM_LAYOUT_2],
]);

/**
 * Creates the tables in a new file and brings a file of an earlier layout to this one.
 *
 * @throws {Error} when the file is not a store, or has a layout that this program does not know.
 */
export function prepareSchema(db: DatabaseSync): void {
  const isEmpty = numberOf(db, "SELECT count(*) AS n FROM sqlite_schema") === 0;
  if (isEmpty) {
    runTogether(db, NEW_FILE);
    return;
  }
  if (numberOf(db, "SELECT application_id AS n FROM pragma_application_id") !== APPLICATION_ID) {
    throw new Error("it is an SQLite database, but not one of Fairlead's");
  }
  const version = numberOf(db, "SELECT user_version AS n FROM pragma_user_version");
  if (version === LAYOUT_VERSION) return;
  const conversion = CONVERSIONS.get(version);
  if (conversion === undefined) {
    throw new Error(`its layout is version ${version}; this program knows versions 1 to ${LAYOUT_VERSION}`);
  }
  runTogether(db, conversion);
}

function runTogether(db: DatabaseSync, statements: readonly string[]): void {
  inTransaction(db, () => {
    for (const statement of statements) db.exec(statement);
  });
}

/** The newest revision in the file: 1 in a new one. Its rows outlive compaction, which only removes older ones. */
export function newestRevision(db: DatabaseSync): number {
  return Math.max(1, revisionOfRow(numberOf(db, "SELECT coalesce(max(id), 0) AS n FROM log")));
}

export function compactedRevision(db: DatabaseSync): number {
  return numberOf(db, "SELECT revision AS n FROM compaction");
}

function numberOf(db: DatabaseSync, query: string): number {
  const row = db.prepare(query).get();
  return Number(row?.n ?? 0);
}
