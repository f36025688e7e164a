import type { DatabaseSync } from "node:sqlite";

/** Commits what `work` writes, or nothing of it when something fails. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors (disk full among them).
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
