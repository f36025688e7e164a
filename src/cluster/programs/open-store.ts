import { fileURLToPath } from "node:url";
import { ExpectedError } from "../../lib/expected-error.ts";
import { createMemoryStore } from "../../store/memory/memory-store.ts";
import { openSqliteStore } from "../../store/sqlite/sqlite-store.ts";
import type { Store } from "../../store/store.ts";
import { bundledFile } from "../program.ts";

/**
 * Opens the store that a URL names.
 *
 * @throws {ExpectedError} for a kind of store that there is not.
 */
export async function openStore(url: string): Promise<Store> {
  const [scheme, rest] = [url.slice(0, url.indexOf(":")), url.slice(url.indexOf(":") + 1)];
  switch (scheme) {
    case "memory":
      return createMemoryStore();
    case "sqlite":
      return await openSqliteStore({
        file: rest.startsWith("//") ? fileURLToPath(`file:${rest}`) : rest,
        writerProgram: bundledFile("store/sqlite/writer-worker.js"),
      });
    default:
      throw new ExpectedError(`Cannot open the store "${url}": must be sqlite:FILE or memory:`);
  }
}
