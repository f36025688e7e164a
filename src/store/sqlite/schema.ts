import type { DatabaseSync } from "node:sqlite";

/** Marks the file as ours: "Flrd" in ASCII. */
const APPLICATION_ID = 0x46_6c_72_64;
/** Goes up with each change of the layout below. */
const LAYOUT_VERSION = 1;

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
 * `until` is the revision at which the row stopped being the key's value: NULL while it is, its own for a deletion.
 * So a row is to be seen at revision R when `id < firstRow(R + 1) AND (until IS NULL OR until > R)`.
 * `value` is last, so that the short columns are on the row's first page, and NULL in a deletion.
 * Each row is in one of the two indexes by key; the other one keeps history from slowing down the present.
 */
const statements = [
  `CREATE TABLE log (
     id INTEGER PRIMARY KEY,
     key TEXT NOT NULL,
     create_revision INTEGER NOT NULL,
     version INTEGER NOT NULL,
     previous INTEGER,
     until INTEGER,
     expires_ms INTEGER,
     value BLOB
   ) STRICT`,
  "CREATE UNIQUE INDEX live ON log (key) WHERE until IS NULL",
  "CREATE INDEX past ON log (key) WHERE until IS NOT NULL",
  "CREATE INDEX dead ON log (until) WHERE until IS NOT NULL",
  "CREATE INDEX expiring ON log (expires_ms) WHERE until IS NULL AND expires_ms IS NOT NULL",
  "CREATE TABLE compaction (revision INTEGER NOT NULL) STRICT",
  "INSERT INTO compaction VALUES (0)",
  `PRAGMA application_id = ${APPLICATION_ID}`,
  `PRAGMA user_version = ${LAYOUT_VERSION}`,
];

/** Makes the tables in a new file, and refuses a file that is not a store of this layout. */
export function prepareSchema(db: DatabaseSync): void {
  const isEmpty = numberOf(db, "SELECT count(*) AS n FROM sqlite_schema") === 0;
  if (isEmpty) {
    db.exec("BEGIN IMMEDIATE");
    for (const statement of statements) db.exec(statement);
    db.exec("COMMIT");
    return;
  }
  if (numberOf(db, "SELECT application_id AS n FROM pragma_application_id") !== APPLICATION_ID) {
    throw new Error("it is an SQLite database, but not one of Fairlead's");
  }
  const version = numberOf(db, "SELECT user_version AS n FROM pragma_user_version");
  if (version !== LAYOUT_VERSION) {
    throw new Error(`its layout is version ${version}; this program knows version ${LAYOUT_VERSION}`);
  }
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
