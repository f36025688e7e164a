import type { Kind } from "@fairlead/api/kind";
import { StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { KeyValue, Store, WatchBatch } from "@fairlead/store/store";
import { CompactedError, prefixEnd } from "@fairlead/store/store";
import { kindPrefix } from "../registry/keys.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { atRevision, storedObject } from "../registry/stored-object.ts";
import type { CacheEvent, EventWindow, WindowLimits } from "./event-window.ts";
import { createEventWindow } from "./event-window.ts";
import type { Follower } from "./followers.ts";
import { createFollowers } from "./followers.ts";
import type { Interest } from "./interest-index.ts";
import { type KeyRange, objectsBefore } from "./objects-at.ts";
import { pastEvents } from "./past-events.ts";
import { type AllObjects, readAll } from "./read-all.ts";
import { type RecentChanges, recentChanges } from "./recent-changes.ts";
import type { SharedLines } from "./shared-lines.ts";
import { createSharedLines } from "./shared-lines.ts";
import type { SortedObjects } from "./sorted-objects.ts";
import { createSortedObjects } from "./sorted-objects.ts";

/** The current objects of one kind and their newest changes, kept in memory by one watch on the store. */
export interface WatchCache {
  /** Every change up to this revision is in. */
  readonly revision: number;
  readonly size: number;
  readonly lines: SharedLines;
  get(key: string): StoredObject | undefined;
  /** The objects whose key starts with `prefix`, in order of key, as of {@link revision}: all, or the first `limit`. */
  below(prefix: string, limit?: number): readonly StoredObject[];
  /**
   * The objects of a range as of an earlier revision; `undefined` when the cache does not know that, and the store may.
   */
  at(revision: number, range: KeyRange): readonly StoredObject[] | undefined;
  /** How many keys start with `prefix`. */
  count(prefix: string): number;
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
  follow(revision: number, interest: Interest): Follower;
  /** Whether a follower waits for events. */
  readonly isFollowed: boolean;
  /** Waits for the changes that are in the store now, as {@link reach}. */
  catchUp(): Promise<void>;
  /** Stops following the store. Followers take the changes that came before. */
  stop(): Promise<void>;
}

export interface WatchCacheOptions {
  readonly store: Store;
  readonly kind: Kind;
  readonly clock: Clock;
  readonly log: Logger;
  /** How many changes are kept for watches that resume. */
  readonly window?: WindowLimits;
}

/** How long a reader waits for a revision that has not been seen yet; upstream's figure. */
const REACH_TIMEOUT_MS = 3_000;
const RETRY_MS = 200;
/** Upstream keeps at least 100 changes of a kind, and all of the last 75 seconds while they are not too many. */
const DEFAULT_WINDOW: WindowLimits = {
  eventsMax: 8_192,
  bytesMax: 16 * 1024 * 1024,
  ageMaxMs: 120_000,
  agedEventsMax: 100,
};
/** Watches of one kind read a change within a moment of one another. A line also holds the objects of its change. */
const SHARED_LINES = { bytesMax: 512 * 1024, ageMaxMs: 5_000 };
/** Interval between looks for what has aged, in milliseconds: the caches of all kinds get a batch for every write. */
const EXPIRE_INTERVAL_MS = 1_000;

/**
 * Reads all objects of the kind, then follows the store until stopped.
 *
 * Starts with the newest changes from before, as far as the store has them: clients resume their watches after a restart
 * of the server, instead of all of them listing everything again.
 */
export async function startWatchCache(options: WatchCacheOptions): Promise<WatchCache> {
  const { store, kind, clock, log, window = DEFAULT_WINDOW } = options;
  const lines = createSharedLines(SHARED_LINES, clock);
  const state = createCacheState(kind, createEventWindow(window), clock);
  const stopping = new AbortController();
  const start = kindPrefix(kind);
  const range = { start, end: prefixEnd(start) };

  /** After a gap, watches cannot be continued: the window is emptied and its followers end. */
  const relist = async () => state.replace(await readAll(store, range));

  let expiredAtMs = Number.NEGATIVE_INFINITY;
  const expire = () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - expiredAtMs < EXPIRE_INTERVAL_MS) return;
    expiredAtMs = nowMs;
    state.expire(nowMs);
    lines.expire();
  };

  /** Nothing up to a revision was about this kind. */
  const passed = (revision: number) => {
    state.advance(revision);
    expire();
  };

  const followStore = async () => {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        // The caches of all kinds follow the store: a call for each write of another kind costs less than a batch.
        const changes = { ...range, fromRevision: state.revision + 1, progress: passed, signal };
        for await (const batch of store.watch(changes)) {
          state.apply(batch);
          expire();
        }
        // The signal is aborted, or the store is closed.
        return;
      } catch (error) {
        if (signal.aborted) return;
        log.warn("Watching the store failed, trying again", { resource: kind.plural, error });
        await clock.sleep(RETRY_MS, signal).catch(() => {});
        // When this fails too, the next watch reports the gap again.
        if (error instanceof CompactedError) await relist().catch(() => {});
      }
    }
  };

  await relist();
  const { signal } = stopping;
  state.remember(
    await recentChanges(store, {
      ...range,
      revision: state.revision,
      revisionsMax: window.eventsMax,
      bytesMax: window.bytesMax,
      signal,
    }),
  );
  const following = followStore();

  const reach = (wanted: number, signal?: AbortSignal) =>
    state.revision >= wanted ? Promise.resolve() : waitFor({ wanted, state, clock }, signal);

  return {
    get revision() {
      return state.revision;
    },
    get size() {
      return state.objects.size;
    },
    lines,
    get: (key) => state.objects.get(key),
    below: (prefix, limit) => state.objects.below(prefix, limit),
    at: (revision, range) => state.at(revision, range),
    count: (prefix) => state.objects.count(prefix),
    follow: (revision, interest) => state.follow(revision, interest),
    reach,
    catchUp: async () => reach(await store.revision()),
    get isFollowed() {
      return state.isFollowed;
    },
    async stop() {
      stopping.abort();
      await following;
      state.end();
    },
  };
}

/** What is in memory, and how it changes. */
interface CacheState {
  readonly objects: SortedObjects;
  readonly revision: number;
  /** Called after every step forward, also one that other kinds made. */
  readonly waiters: Set<() => void>;
  apply(batch: WatchBatch): void;
  /** Goes on to a revision up to which there are no further changes. */
  advance(to: number): void;
  /** Drops changes that are too old. */
  expire(nowMs: number): void;
  at(revision: number, range: KeyRange): readonly StoredObject[] | undefined;
  /** Reads everything again, after a gap. */
  replace(listed: AllObjects): void;
  /** Fills the window with changes from before the current state, which they do not change. */
  remember(changes: RecentChanges): void;
  follow(revision: number, interest: Interest): Follower;
  readonly isFollowed: boolean;
  /** Ends all followers. */
  end(): void;
}

function createCacheState(kind: Kind, window: EventWindow, clock: Clock): CacheState {
  const objects = createSortedObjects();
  const waiters = new Set<() => void>();
  const followers = createFollowers(window, setImmediate);
  let revision = 0;

  const record = (event: CacheEvent) => {
    followers.append(event, clock.monotonicMs());
    // From now on only watches that are behind look at it.
    event.before?.release();
  };

  const advance = (to: number) => {
    revision = Math.max(revision, to);
    if (waiters.size === 0) return;
    for (const wake of [...waiters]) wake();
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
    record({ revision: at, before: atRevision(kind, before, at), deleted: before, after: undefined });
  };

  return {
    objects,
    waiters,
    get revision() {
      return revision;
    },
    apply(batch) {
      for (const event of batch.events) {
        if (event.type === "put") put(event.item);
        else remove(event.key, event.modRevision);
      }
      advance(batch.revision);
    },
    advance,
    expire: (nowMs) => followers.expire(nowMs),
    at(wanted, range) {
      const position = wanted > revision ? undefined : window.positionAfter(wanted);
      const changes = position === undefined ? undefined : window.from(position);
      if (changes === undefined) return undefined;
      return objectsBefore(({ start, end, limit }) => objects.range(start, end, limit), changes, range);
    },
    replace(listed) {
      objects.clear();
      for (const item of listed.items) objects.set(storedObject(kind, item));
      followers.restart(listed.revision);
      advance(listed.revision);
    },
    remember({ floor, events }) {
      followers.restart(floor);
      for (const event of pastEvents(kind, events, objects.get)) record(event);
    },
    follow(after, interest) {
      const follower = followers.follow(after, interest);
      if (follower === undefined) throw tooOld(after, window.floor);
      return after > revision ? changesAfter(after, follower) : follower;
    },
    get isFollowed() {
      return followers.areThere;
    },
    end: () => followers.end(),
  };
}

/** Leaves out the changes up to a revision that the store had not reached when the follower started. */
function changesAfter(revision: number, follower: Follower): Follower {
  return {
    take: (bytesMax) => follower.take(bytesMax)?.filter((event) => event.revision > revision),
    get hasMore() {
      return follower.hasMore;
    },
    get isLost() {
      return follower.isLost;
    },
    get isOver() {
      return follower.isOver;
    },
    onNews: follower.onNews,
  };
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
