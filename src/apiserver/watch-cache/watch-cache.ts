import type { Kind } from "../../api/kind.ts";
import { StatusError } from "../../api/status-error.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { KeyValue, RangeResult, Store, StoreEvent, WatchBatch } from "../../store/store.ts";
import { CompactedError, prefixEnd } from "../../store/store.ts";
import { kindPrefix } from "../registry/keys.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { atRevision, storedObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "./event-window.ts";
import { createEventWindow } from "./event-window.ts";
import { type RecentChanges, recentChanges } from "./recent-changes.ts";
import type { SortedObjects } from "./sorted-objects.ts";
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
  /** Called when there is something new to {@link follow}, not for every step forward; returns the unsubscriber. */
  onChange(listener: () => void): () => void;
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
const DEFAULT_WINDOW_SIZE = 4_096;

/**
 * Reads all objects of the kind, then follows the store until stopped.
 *
 * Starts with the newest changes from before, as far as the store has them: clients resume their watches after a restart
 * of the server, instead of all of them listing everything again.
 */
export async function startWatchCache(options: WatchCacheOptions): Promise<WatchCache> {
  const { store, kind, clock, log, windowSize = DEFAULT_WINDOW_SIZE } = options;
  const state = createCacheState(kind, windowSize);
  const stopping = new AbortController();
  const start = kindPrefix(kind);
  const range = { start, end: prefixEnd(start) };

  /** After a gap, watches cannot be continued: the window starts anew and its followers end. */
  const relist = async () => state.replace(await store.range(range));

  const followStore = async () => {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        const changes = { ...range, fromRevision: state.revision + 1, progress: true, signal };
        for await (const batch of store.watch(changes)) state.apply(batch);
      } catch (error) {
        if (signal.aborted) return;
        log.warn("Watching the store failed, trying again", { resource: kind.plural, error });
        await clock.sleep(RETRY_MS, signal).catch(() => {});
        // When this fails too, the next watch tells of the gap again.
        if (error instanceof CompactedError) await relist().catch(() => {});
      }
    }
  };

  await relist();
  const { signal } = stopping;
  state.remember(await recentChanges(store, { ...range, revision: state.revision, revisionsMax: windowSize, signal }));
  const following = followStore();

  return {
    get revision() {
      return state.revision;
    },
    get size() {
      return state.objects.size;
    },
    get: (key) => state.objects.get(key),
    below: (prefix) => state.objects.below(prefix),
    follow: (revision) => state.follow(revision),
    onChange(listener) {
      state.followers.add(listener);
      return () => state.followers.delete(listener);
    },
    reach: (wanted, signal) =>
      state.revision >= wanted ? Promise.resolve() : waitFor({ wanted, state, clock }, signal),
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

/** What is in memory, and how it changes. */
interface CacheState {
  readonly objects: SortedObjects;
  readonly revision: number;
  /** Called after every step forward, also one that other kinds made. */
  readonly waiters: Set<() => void>;
  /** Called after changes. */
  readonly followers: Set<() => void>;
  apply(batch: WatchBatch): void;
  /** Everything anew, after a gap. */
  replace(listed: RangeResult): void;
  /** Fills the window with changes from before the current state, which they do not change. */
  remember(changes: RecentChanges): void;
  follow(revision: number): Follower;
}

function createCacheState(kind: Kind, windowSize: number): CacheState {
  const objects = createSortedObjects();
  const window = createEventWindow(windowSize);
  const waiters = new Set<() => void>();
  const followers = new Set<() => void>();
  let revision = 0;

  const record = (event: Omit<CacheEvent, "lines">) => window.append({ ...event, lines: new Map() });

  const advance = (to: number) => {
    revision = Math.max(revision, to);
    for (const wake of [...waiters]) wake();
  };

  const tellFollowers = () => {
    for (const wake of [...followers]) wake();
  };

  const put = (item: KeyValue) => {
    const after = storedObject(kind, item);
    record({ revision: after.revision, before: objects.get(after.key), after });
    objects.set(after);
  };

  const remove = (key: string, at: number) => {
    const before = objects.get(key);
    if (before === undefined) return;
    objects.delete(key);
    record({ revision: at, before: atRevision(kind, before, at), after: undefined });
  };

  return {
    objects,
    waiters,
    followers,
    get revision() {
      return revision;
    },
    apply(batch) {
      for (const event of batch.events) {
        if (event.type === "put") put(event.item);
        else remove(event.key, event.modRevision);
      }
      advance(batch.revision);
      // Most writes are to other kinds: there may be a hundred watches that they are no news to.
      if (batch.events.length > 0) tellFollowers();
    },
    replace(listed) {
      objects.clear();
      for (const item of listed.items) objects.set(storedObject(kind, item));
      window.restart(listed.revision);
      advance(listed.revision);
      tellFollowers();
    },
    remember({ floor, events }) {
      window.restart(floor);
      for (const event of events) record(pastEvent(kind, event));
    },
    follow(after) {
      const start = window.positionAfter(after);
      if (start === undefined) throw tooOld(after, window.floor);
      let position = start;
      const isAhead = after > revision;
      return {
        take() {
          const events = window.from(position);
          position += events?.length ?? 0;
          return isAhead ? events?.filter((event) => event.revision > after) : events;
        },
      };
    },
  };
}

/** A change as the store tells it, with what was there before. */
function pastEvent(kind: Kind, event: StoreEvent): Omit<CacheEvent, "lines"> {
  if (event.type === "delete") {
    const { modRevision: revision, previous } = event;
    return { revision, before: atRevision(kind, storedObject(kind, previous), revision), after: undefined };
  }
  const { item, previous } = event;
  const before = previous === undefined ? undefined : storedObject(kind, previous);
  return { revision: item.modRevision, before, after: storedObject(kind, item) };
}

interface Waiting {
  readonly wanted: number;
  readonly state: Pick<CacheState, "revision" | "waiters">;
  readonly clock: Clock;
}

async function waitFor({ wanted, state, clock }: Waiting, signal?: AbortSignal): Promise<void> {
  const { waiters } = state;
  const done = new AbortController();
  const arrived = new Promise<void>((resolve) => {
    const check = () => {
      if (state.revision < wanted && !done.signal.aborted) return;
      waiters.delete(check);
      resolve();
    };
    waiters.add(check);
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
  if (state.revision < wanted) throw tooLarge(wanted, state.revision, 1);
}

/** The refusal of a resource version whose changes are forgotten. */
export function tooOld(revision: number, floor: number): StatusError {
  return new StatusError("Expired", `too old resource version: ${revision} (${floor})`);
}

/** The refusal of a resource version that the store has not reached. */
export function tooLarge(wanted: number, current: number, retryAfterSeconds: number): StatusError {
  return new StatusError("Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
    },
  });
}
