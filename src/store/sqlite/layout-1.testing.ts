import { DatabaseSync } from "node:sqlite";

/** The tables of layout 1. `until` is the revision at which the row stopped being the key's value. */
const LAYOUT_1 = `
  CREATE TABLE log (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, create_revision INTEGER NOT NULL, version INTEGER NOT NULL,
    previous INTEGER, until INTEGER, expires_ms INTEGER, value BLOB
  ) STRICT;
  CREATE UNIQUE INDEX live ON log (key) WHERE until IS NULL;
  CREATE INDEX past ON log (key) WHERE until IS NOT NULL;
  CREATE INDEX dead ON log (until) WHERE until IS NOT NULL;
  CREATE INDEX expiring ON log (expires_ms) WHERE until IS NULL AND expires_ms IS NOT NULL;
  CREATE TABLE compaction (revision INTEGER NOT NULL) STRICT;
  INSERT INTO compaction VALUES (3);
  PRAGMA application_id = ${0x46_6c_72_64};
  PRAGMA user_version = 1`;

export type Layout1Row = readonly [
  id: number,
  key: string,
  createRevision: number,
  version: number,
  previous: number | null,
  until: number | null,
  expiresMs: number | null,
  value: string | null,
];

/** Makes a store as programs made it that had layout 1. It is compacted to revision 3. */
export function createLayout1(file: string, rows: readonly Layout1Row[]): void {
  using db = new DatabaseSync(file);
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(LAYOUT_1);
  db.exec("BEGIN");
  const insert = db.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  for (const [value, ...rest] of rows.map((row) => row.toReversed())) {
    insert.run(...rest.toReversed(), typeof value === "string" ? Buffer.from(value) : null);
  }
  db.exec("COMMIT");
}
