import { closeSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "@fairlead/lib/clock";
import { systemClock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { silentLogger } from "@fairlead/lib/log";
import { startExpiry } from "../expiry.ts";
import type { Store, TxnRequest } from "../store.ts";
import { FutureRevisionError } from "../store.ts";
import { checkTransaction, STORE_LIMITS } from "../transaction.ts";
import { createWatchHub } from "../watch-hub.ts";
import type { Unlock } from "./file-lock.ts";
import { lockFile } from "./file-lock.ts";
import { prepareHasExpired } from "./has-expired.ts";
import { createReader } from "./reader.ts";
import { createTailView } from "./tail-view.ts";
import type { WriteRequest } from "./writer.ts";
import { startWriterThread } from "./writer-thread.ts";

export interface SqliteStoreOptions {
  /** The database; made, with its folder, when it is not there. Beside it lie `-wal`, `-shm`, `-tail`, `-reserve` and `.lock`. */
  readonly file: string;
  /** Writes that need a larger file fail; reading, deleting and compaction go on. Default: the disk is the limit. */
  readonly maxBytes?: number | undefined;
  /**
   * Room on the disk that is kept for deletions, by a file that ends in `-reserve`; at most a sixteenth of the disk.
   * Default: 0, with which nothing can be deleted when the disk is full.
   */
  readonly reserveBytes?: number | undefined;
  /** Gets a warning when the disk is full. Default: none. */
  readonly log?: Logger;
  /** For keys with a time to live. Default: the machine's. */
  readonly clock?: Clock;
  /** The program of the thread that writes, where the sources are bundled. Default: `writer-worker.ts` beside this file. */
  readonly writerProgram?: URL | undefined;
}

/**
 * A store in one SQLite file.
 *
 * Writes are done by a thread of their own, those that come together are committed together, and each is on the disk
 * (`synchronous=FULL`) before it is acknowledged or visible. Reads are done by the calling thread.
 *
 * @throws {Error} when another process has the file open, or when it is damaged or no store.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { file, clock = systemClock } = options;
  mkdirSync(path.dirname(file), { recursive: true });
  const unlock = lockFile(file);
  try {
    // It holds Secrets. SQLite gives the files beside it the same mode.
    closeSync(openSync(file, "a", 0o600));
    return await open(options, clock, unlock);
  } catch (error) {
    unlock();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot open the store ${file}: ${reason}`, { cause: error });
  }
}

async function open(options: SqliteStoreOptions, clock: Clock, unlock: Unlock): Promise<Store> {
  const { file, maxBytes, reserveBytes, log = silentLogger } = options;
  const program = options.writerProgram ?? new URL("./writer-worker.ts", import.meta.url);
  const tail = createTailView();
  const writer = await startWriterThread({
    file,
    maxBytes,
    reserveBytes,
    program,
    clock,
    onWritten: (results) => {
      for (const { events, inTail } of results) if (inTail) tail.add(events);
      const revision = Math.max(...results.map((result) => result.revision));
      hub.publish({ revision, events: results.flatMap(({ events }) => events) });
    },
    onFull: (isFull) => {
      if (isFull)
        log.warn("The disk of the store is full: deletions work, other writes only in room that they free", { file });
      else log.info("The disk of the store has room again", { file });
    },
  });
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  tail.add(writer.opened.tail);
  const reader = createReader(db, tail);
  const hub = createWatchHub(writer.opened.revision, reader.changes);
  const hasExpired = prepareHasExpired(db);
  const expiry = startExpiry(clock, async (nowMs) => hasExpired(nowMs) && (await writer.expire(nowMs)) > 0);
  let closing: Promise<void> | undefined;

  function assertOpen(): void {
    if (closing !== undefined) throw new Error("The store is closed");
  }

  async function shut(): Promise<void> {
    hub.close();
    await expiry.stop();
    // The last one to close the file folds the log into it: that has to be the writer.
    db.close();
    await writer.close();
    unlock();
  }

  function close(): Promise<void> {
    closing ??= shut();
    return closing;
  }

  return {
    limits: STORE_LIMITS,
    async revision() {
      assertOpen();
      return hub.revision;
    },
    async get(key, { revision } = {}) {
      assertOpen();
      return reader.get(key, revision);
    },
    async range(request) {
      assertOpen();
      return reader.range(request);
    },
    async txn(request) {
      assertOpen();
      checkTransaction(request);
      const { succeeded, revision, read } = await writer.write(
        writeRequestOf(request, clock.now()),
        request.maxDelayMs,
      );
      return { succeeded, revision, read };
    },
    watch: (request) => hub.watch(request),
    async compact(revision) {
      assertOpen();
      if (revision > hub.revision) {
        throw new FutureRevisionError(`Cannot compact to revision ${revision}: the newest is ${hub.revision}`);
      }
      await writer.compact(revision);
      reader.setCompacted(revision);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function writeRequestOf(request: TxnRequest, nowMs: number): WriteRequest {
  const { compare, success, failure = [], forDeletion, maxDelayMs = 0 } = request;
  return {
    compare,
    failure,
    forDeletion,
    mayWait: maxDelayMs > 0,
    success: success.map((operation) => {
      if (operation.type === "delete") return { key: operation.key };
      const { key, value, ttlSeconds } = operation;
      return ttlSeconds === undefined
        ? { key, value }
        : { key, value, expiresMs: nowMs + Math.ceil(ttlSeconds * 1000) };
    }),
  };
}
