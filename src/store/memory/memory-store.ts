import type { Clock } from "@fairlead/lib/clock";
import { systemClock } from "@fairlead/lib/clock";
import { startExpiry } from "../expiry.ts";
import type { Store, TxnRequest, TxnResult } from "../store.ts";
import { CompactedError, FutureRevisionError } from "../store.ts";
import { checkTransaction, STORE_LIMITS } from "../transaction.ts";
import type { WatchHub } from "../watch-hub.ts";
import { createWatchHub } from "../watch-hub.ts";
import type { History } from "./history.ts";
import { createHistory } from "./history.ts";

export interface MemoryStoreOptions {
  /** For keys with a time to live. Default: the machine's. */
  readonly clock?: Clock;
}

/** A store that lives and dies with the process: for tests and for temporary clusters. */
export function createMemoryStore({ clock = systemClock }: MemoryStoreOptions = {}): Store {
  const history = createHistory();
  const hub = createWatchHub(history.revision, history.changes);
  const writer = createWriter(history, hub, clock);
  const expiry = startExpiry(clock, async (nowMs) => {
    writer.expire(nowMs);
    return false;
  });
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new Error("The store is closed");
  }

  const close = async () => {
    closed = true;
    hub.close();
    await expiry.stop();
  };

  return {
    limits: STORE_LIMITS,
    async revision() {
      assertOpen();
      return history.revision;
    },
    async get(key, options) {
      assertOpen();
      return { revision: history.revision, item: history.at(key, readable(history, options?.revision)) };
    },
    async range({ start, end, limit = Number.POSITIVE_INFINITY, revision, counts = true }) {
      assertOpen();
      const request = { start, end, limit, counts, revision: readable(history, revision) };
      return { revision: history.revision, ...history.range(request) };
    },
    async txn(request) {
      assertOpen();
      checkTransaction(request);
      return writer.write(request);
    },
    watch: (request) => hub.watch(request),
    async compact(revision) {
      assertOpen();
      assertHappened(history, revision);
      history.compact(revision);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The revision to read: now, or the one that is wanted if it can be read. */
function readable(history: History, wanted: number | undefined): number {
  const revision = wanted ?? history.revision;
  if (revision < history.compactRevision) throw new CompactedError(history.compactRevision);
  assertHappened(history, revision);
  return revision;
}

function assertHappened(history: History, revision: number): void {
  if (revision <= history.revision) return;
  throw new FutureRevisionError(`Cannot read or compact revision ${revision}: the newest is ${history.revision}`);
}

/** Writes to the history, notifies the watchers, and remembers which keys are to go. */
function createWriter(history: History, hub: WatchHub, clock: Clock) {
  const expiresAtMs = new Map<string, number>();

  function write({ compare, success, failure = [] }: TxnRequest): TxnResult {
    const holds = compare.every(({ key, modRevision }) => (history.now(key)?.modRevision ?? 0) === modRevision);
    if (!holds) return { succeeded: false, revision: history.revision, read: failure.map(history.now) };
    const events = history.apply(success);
    for (const operation of success) {
      // Also before it is set: a map keeps the place of a key, and keys expire in the order of their writes.
      expiresAtMs.delete(operation.key);
      if (operation.type === "put" && operation.ttlSeconds !== undefined) {
        expiresAtMs.set(operation.key, clock.now() + operation.ttlSeconds * 1000);
      }
    }
    if (events.length > 0) hub.publish({ revision: history.revision, events });
    return { succeeded: true, revision: history.revision, read: [] };
  }

  return {
    write,
    expire(nowMs: number): void {
      const due = [...expiresAtMs].filter(([, atMs]) => atMs <= nowMs).sort(([, a], [, b]) => a - b);
      write({ compare: [], success: due.map(([key]) => ({ type: "delete", key })) });
    },
  };
}
