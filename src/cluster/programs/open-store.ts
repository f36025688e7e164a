import { fileURLToPath } from "node:url";
import { ExpectedError } from "../../lib/expected-error.ts";
import type { Logger } from "../../lib/log.ts";
import { createMemoryStore } from "../../store/memory/memory-store.ts";
import { openSqliteStore } from "../../store/sqlite/sqlite-store.ts";
import type { Store } from "../../store/store.ts";
import { bundledFile } from "../program.ts";

/** Enough for the write-ahead log of a store that has met a full disk, and for deletions after that. */
const RESERVE_BYTES = 16 * 1024 * 1024;

/**
 * Opens the store that a URL names.
 *
 * @throws {ExpectedError} for an unknown kind of store.
 */
export async function openStore(url: string, log: Logger): Promise<Store> {
  const [scheme, rest] = [url.slice(0, url.indexOf(":")), url.slice(url.indexOf(":") + 1)];
  switch (scheme) {
    case "memory":
      return createMemoryStore();
    case "sqlite":
      return await openSqliteStore({
        file: rest.startsWith("//") ? fileURLToPath(`file:${rest}`) : rest,
        reserveBytes: RESERVE_BYTES,
        log,
        writerProgram: bundledFile("store/sqlite/writer-worker.js"),
      });
    default:
      throw new ExpectedError(`Cannot open the store "${url}": must be sqlite:FILE or memory:`);
  }
}
