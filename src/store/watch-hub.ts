import { compareKeys } from "./key-order.ts";
import type { StoreEvent, WatchBatch, WatchRequest } from "./store.ts";

/** Events that may wait for one slow watcher; beyond that it is served from history again. */
const WAITING_EVENTS_MAX = 10_000;

/** Reads the changes of `[start, end)` from `from` to `to`, both included. Throws `CompactedError`. */
export type ReadHistory = (request: {
  readonly start: string;
  readonly end: string;
  readonly from: number;
  readonly to: number;
}) => Iterable<WatchBatch>;

/** Gives every durable change to every watcher it is of interest to, each watcher at its own pace. */
export interface WatchHub {
  /** The newest revision that watchers and readers may see. */
  readonly revision: number;
  /** Makes changes known. `batch.revision` is higher than any before. */
  publish(batch: WatchBatch): void;
  /** As `Store.watch`. */
  watch(request: WatchRequest): AsyncIterable<WatchBatch>;
  /** Ends all watches. */
  close(): void;
}

interface Follower {
  readonly request: WatchRequest;
  /** First revision not yet given. */
  next: number;
  waiting: WatchBatch[];
  waitingEvents: number;
  /** Revision up to which nothing for this follower was published. */
  quietTo: number;
  /** Has to read history before what waits. */
  behind: boolean;
  /** Its reader has taken everything, and waits to be woken. */
  isParked: boolean;
  wake: () => void;
}

/** A hub that starts at `revision`; what happened before comes from `readHistory`. */
export function createWatchHub(revision: number, readHistory: ReadHistory): WatchHub {
  const followers = new Set<Follower>();
  let closed = false;
  let current = revision;

  return {
    get revision() {
      return current;
    },

    publish(batch) {
      current = batch.revision;
      for (const follower of followers) offer(follower, batch);
    },

    async *watch(request) {
      const follower = newFollower(request);
      const onAbort = () => follower.wake();
      request.signal.addEventListener("abort", onAbort);
      followers.add(follower);
      try {
        while (!closed && !request.signal.aborted) {
          if (follower.behind) yield* catchUp(follower);
          const batch = nextBatch(follower);
          if (batch !== undefined) yield batch;
          else if (isUpToDate(follower) && !closed && !request.signal.aborted) await woken(follower);
        }
      } finally {
        followers.delete(follower);
        request.signal.removeEventListener("abort", onAbort);
      }
    },

    close() {
      closed = true;
      for (const follower of followers) follower.wake();
    },
  };

  function* catchUp(follower: Follower): Iterable<WatchBatch> {
    const { start, end, progress } = follower.request;
    follower.behind = false;
    follower.waiting = [];
    follower.waitingEvents = 0;
    const to = current;
    if (follower.next <= to) yield* readHistory({ start, end, from: follower.next, to });
    follower.next = Math.max(follower.next, to + 1);
    follower.quietTo = Math.max(follower.quietTo, to);
    if (progress === true) yield { revision: to, events: [] };
    else if (typeof progress === "function") progress(to);
  }
}

function newFollower(request: WatchRequest): Follower {
  return {
    request,
    next: request.fromRevision,
    waiting: [],
    waitingEvents: 0,
    quietTo: 0,
    behind: true,
    isParked: false,
    wake: () => {},
  };
}

function offer(follower: Follower, { revision, events }: WatchBatch): void {
  if (follower.behind) return;
  const wanted = wantedOf(follower, events);
  if (wanted !== undefined) {
    follower.waiting.push({ revision, events: wanted });
    follower.waitingEvents += wanted.length;
    if (follower.waitingEvents > WAITING_EVENTS_MAX) {
      follower.behind = true;
      follower.waiting = [];
    }
    follower.wake();
  } else passQuietly(follower, revision);
}

/** Returns the events of interest. `undefined` for none, as most followers have of most changes: nothing is allocated for them. */
function wantedOf(follower: Follower, events: readonly StoreEvent[]): readonly StoreEvent[] | undefined {
  let wanted: StoreEvent[] | undefined;
  for (const event of events) {
    if (!concerns(follower, event)) continue;
    wanted ??= [];
    wanted.push(event);
  }
  return wanted;
}

/** Notes that nothing up to a revision is of interest to a follower. */
function passQuietly(follower: Follower, revision: number): void {
  const { progress = false } = follower.request;
  if (progress === false) return;
  if (typeof progress === "function" && follower.isParked) {
    follower.next = revision + 1;
    progress(revision);
    return;
  }
  follower.quietTo = revision;
  follower.wake();
}

function concerns({ request, next }: Follower, event: StoreEvent): boolean {
  const { key, modRevision } = event.type === "put" ? event.item : event;
  return modRevision >= next && compareKeys(key, request.start) >= 0 && compareKeys(key, request.end) < 0;
}

function nextBatch(follower: Follower): WatchBatch | undefined {
  const batch = follower.waiting.shift();
  if (batch !== undefined) {
    follower.waitingEvents -= batch.events.length;
    follower.next = Math.max(follower.next, batch.revision + 1);
    return batch;
  }
  const { progress = false } = follower.request;
  if (progress === false || follower.quietTo < follower.next) return undefined;
  follower.next = follower.quietTo + 1;
  if (progress === true) return { revision: follower.quietTo, events: [] };
  progress(follower.quietTo);
  return undefined;
}

/** Whether nothing was published since the follower's reader last looked. A function for progress may have published something itself. */
function isUpToDate({ behind, waiting, quietTo, next, request: { progress = false } }: Follower): boolean {
  return !behind && waiting.length === 0 && (progress === false || quietTo < next);
}

function woken(follower: Follower): Promise<void> {
  return new Promise((resolve) => {
    follower.isParked = true;
    follower.wake = () => {
      follower.isParked = false;
      resolve();
    };
  });
}
