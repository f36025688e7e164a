import type { Clock } from "../../lib/clock.ts";
import { systemClock } from "../../lib/clock.ts";
import { startExpiry } from "../expiry.ts";
import type { RangeRequest, RangeResult, Store, TxnRequest, TxnResult } from "../store.ts";
import { CompactedError, FutureRevisionError } from "../store.ts";
import { checkTransaction } from "../transaction.ts";
import { createWatchHub } from "../watch-hub.ts";
import { createHistory } from "./history.ts";

export interface MemoryStoreOptions {
  /** For keys with a time to live. Default: the machine's. */
  readonly clock?: Clock;
}

/** A store that lives and dies with the process: for tests, and for clusters nobody wants to keep. */
export function createMemoryStore({ clock = systemClock }: MemoryStoreOptions = {}): Store {
  const history = createHistory();
  const hub = createWatchHub(history.revision, history.changes);
  const expiresAtMs = new Map<string, number>();
  let closed = false;
  const expiry = startExpiry(clock, async (nowMs) => {
    const due = [...expiresAtMs].filter(([, at]) => at <= nowMs).map(([key]) => key);
    for (const key of due) write({ compare: [], success: [{ type: "delete", key }] });
  });

  function assertOpen(): void {
    if (closed) throw new Error("The store is closed");
  }

  function revisionToRead(wanted: number | undefined): number {
    const revision = wanted ?? history.revision;
    if (revision < history.compactRevision) throw new CompactedError(history.compactRevision);
    if (revision > history.revision) throw new FutureRevisionError(futureMessage(revision, history.revision));
    return revision;
  }

  function range(request: RangeRequest): RangeResult {
    const { start, end, limit = Number.POSITIVE_INFINITY } = request;
    return {
      revision: history.revision,
      ...history.range({ start, end, limit, revision: revisionToRead(request.revision) }),
    };
  }

  function write(request: TxnRequest): TxnResult {
    const holds = request.compare.every(({ key, modRevision }) => (history.now(key)?.modRevision ?? 0) === modRevision);
    if (!holds) {
      return {
        succeeded: false,
        revision: history.revision,
        read: (request.failure ?? []).map((key) => history.now(key)),
      };
    }
    const events = history.apply(request.success);
    for (const operation of request.success) {
      if (operation.type === "put" && operation.ttlSeconds !== undefined) {
        expiresAtMs.set(operation.key, clock.now() + operation.ttlSeconds * 1000);
      } else expiresAtMs.delete(operation.key);
    }
    if (events.length > 0) hub.publish({ revision: history.revision, events });
    return { succeeded: true, revision: history.revision, read: [] };
  }

  const close = async () => {
    closed = true;
    hub.close();
    await expiry.stop();
  };

  return {
    async revision() {
      assertOpen();
      return history.revision;
    },
    async get(key, options) {
      assertOpen();
      return { revision: history.revision, item: history.at(key, revisionToRead(options?.revision)) };
    },
    async range(request) {
      assertOpen();
      return range(request);
    },
    async txn(request) {
      assertOpen();
      checkTransaction(request);
      return write(request);
    },
    watch: (request) => hub.watch(request),
    async compact(revision) {
      assertOpen();
      if (revision > history.revision) throw new FutureRevisionError(futureMessage(revision, history.revision));
      history.compact(revision);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Worded for people who read logs: which revision was asked for, and which is the newest. */
function futureMessage(wanted: number, newest: number): string {
  return `Cannot read revision ${wanted}: the newest is ${newest}`;
}
