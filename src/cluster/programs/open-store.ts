import { fileURLToPath } from "node:url";
import { ExpectedError } from "@fairlead/lib/expected-error";
import type { Logger } from "@fairlead/lib/log";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { openSqliteStore } from "@fairlead/store/sqlite/sqlite-store";
import type { Store } from "@fairlead/store/store";
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
