import type { Kind } from "../../api/kind.ts";
import { StatusError } from "../../api/status-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { Store, WatchBatch } from "../../store/store.ts";
import { CompactedError, prefixEnd } from "../../store/store.ts";
import { kindPrefix } from "../registry/keys.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { atRevision, storedObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "./event-window.ts";
import { createEventWindow } from "./event-window.ts";
import { createSortedObjects } from "./sorted-objects.ts";

/** The current objects of one kind and their newest changes, kept in memory by one watch on the store. */
export interface WatchCache {
  /** Every change up to this revision is in. */
  readonly revision: number;
  readonly size: number;
  get(key: string): StoredObject | undefined;
  /** The objects whose key starts with `prefix`, in order of key, as of {@link revision}. */
  below(prefix: string): readonly StoredObject[];
  /**
   * Waits until changes up to `revision` are in.
   *
   * @throws {StatusError} `Timeout` when the store has not come that far within three seconds.
   */
  reach(revision: number, signal?: AbortSignal): Promise<void>;
  /**
   * Reads the changes after `revision`, from now on.
   *
   * @throws {StatusError} `Expired` when some of them are no longer known.
   */
  follow(revision: number): Follower;
  /** Called after every step forward; returns the unsubscriber. */
  onProgress(listener: () => void): () => void;
  stop(): Promise<void>;
}

/** A reader's place in the changes of one kind. */
export interface Follower {
  /** What came since the last call. `undefined`: the reader was so slow that changes are lost to it. */
  take(): readonly CacheEvent[] | undefined;
}

export interface WatchCacheOptions {
  readonly store: Store;
  readonly kind: Kind;
  readonly clock: Clock;
  readonly log: Logger;
  /** Least number of changes kept for watches that resume. Default 4,096. */
  readonly windowSize?: number;
}

/** How long a reader waits for a revision that has not been seen yet; upstream's figure. */
const REACH_TIMEOUT_MS = 3_000;
const RETRY_MS = 200;

/** Reads all objects of the kind, then follows the store until stopped. */
export async function startWatchCache(options: WatchCacheOptions): Promise<WatchCache> {
  const { store, kind, clock, log, windowSize = 4_096 } = options;
  const prefix = kindPrefix(kind);
  const objects = createSortedObjects();
  const window = createEventWindow(windowSize);
  const listeners = new Set<() => void>();
  const stopping = new AbortController();
  let revision = 0;

  const record = (event: Omit<CacheEvent, "lines">) => window.append({ ...event, lines: new Map() });

  const advance = (to: number) => {
    revision = Math.max(revision, to);
    for (const listener of [...listeners]) listener();
  };

  const apply = (batch: WatchBatch) => {
    for (const event of batch.events) {
      if (event.type === "put") {
        const after = storedObject(kind, event.item);
        record({ revision: after.revision, before: objects.get(after.key), after });
        objects.set(after);
        continue;
      }
      const before = objects.get(event.key);
      if (before === undefined) continue;
      objects.delete(event.key);
      record({ revision: event.modRevision, before: atRevision(kind, before, event.modRevision), after: undefined });
    }
    advance(batch.revision);
  };

  /** After a gap, watches cannot be continued: the window starts anew and its followers end. */
  const relist = async () => {
    const { items, revision: listed } = await store.range({ start: prefix, end: prefixEnd(prefix) });
    objects.clear();
    for (const item of items) objects.set(storedObject(kind, item));
    window.restart(listed);
    advance(listed);
  };

  const followStore = async () => {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        const changes = { start: prefix, end: prefixEnd(prefix), fromRevision: revision + 1, progress: true, signal };
        for await (const batch of store.watch(changes)) apply(batch);
      } catch (error) {
        if (signal.aborted) return;
        log.warn("Watching the store failed, trying again", { resource: kind.plural, error });
        await clock.sleep(RETRY_MS, signal).catch(() => {});
        if (error instanceof CompactedError) await relist().catch(() => {});
      }
    }
  };

  await relist();
  const following = followStore();

  return {
    get revision() {
      return revision;
    },
    get size() {
      return objects.size;
    },
    get: (key) => objects.get(key),
    below: (start) => objects.below(start),
    onProgress(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reach: (wanted, signal) =>
      revision >= wanted ? Promise.resolve() : waitFor({ wanted, current: () => revision, listeners, clock }, signal),
    follow(after) {
      let position = window.positionAfter(after);
      if (position === undefined) throw tooOld(after, window.floor);
      return {
        take() {
          const events = window.from(position ?? 0);
          position = (position ?? 0) + (events?.length ?? 0);
          return events;
        },
      };
    },
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

interface Waiting {
  readonly wanted: number;
  current(): number;
  readonly listeners: Set<() => void>;
  readonly clock: Clock;
}

async function waitFor({ wanted, current, listeners, clock }: Waiting, signal?: AbortSignal): Promise<void> {
  const done = new AbortController();
  const arrived = new Promise<void>((resolve) => {
    const check = () => {
      if (current() < wanted && !done.signal.aborted) return;
      listeners.delete(check);
      resolve();
    };
    listeners.add(check);
    done.signal.addEventListener("abort", check, { once: true });
  });
  const giveUp = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal]);
  const timeout = clock.sleep(REACH_TIMEOUT_MS, giveUp).then(
    () => true,
    () => false,
  );
  await Promise.race([arrived, timeout]);
  done.abort();
  signal?.throwIfAborted();
  if (current() < wanted) throw tooLarge(wanted, current());
}

/** The refusal of a resource version whose changes are forgotten. */
export function tooOld(revision: number, floor: number): StatusError {
  return new StatusError("Expired", `too old resource version: ${revision} (${floor})`);
}

function tooLarge(wanted: number, current: number): StatusError {
  return new StatusError("Timeout", `Too large resource version: ${wanted}, current: ${current}`, {
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  });
}
