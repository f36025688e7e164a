import { DatabaseSync } from "node:sqlite";

/** Holds `FILE.lock` until called: the kernel lets go of it when the process dies, however it dies. */
export type Unlock = () => void;

/**
 * Makes sure that no other process opens the store in `file`.
 *
 * The lock is SQLite's exclusive lock on a database of its own without content: Node has no lock of files.
 *
 * @throws {Error} when another store, of this process or another one, holds it.
 */
export function lockFile(file: string): Unlock {
  const name = `${file}.lock`;
  // Only SQLite may open this file: closing it anywhere in the process would give up the kernel's lock (fcntl).
  const db = new DatabaseSync(name, { timeout: 0 });
  try {
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    throw new Error(`Cannot open the store ${file}: it is in use by another process`, { cause: error });
  }
  return () => db.close();
}
