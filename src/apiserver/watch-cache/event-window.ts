import { createFifo } from "@fairlead/lib/fifo";
import type { StoredObject } from "../registry/stored-object.ts";

/** One change of one object. At least one of `before` and `after` is there. */
export interface CacheEvent {
  readonly revision: number;
  /** What was there. After a deletion it carries the revision of the deletion. */
  readonly before: StoredObject | undefined;
  /** What a deletion deleted, under its own revision. */
  readonly deleted?: StoredObject | undefined;
  readonly after: StoredObject | undefined;
}

/** The newest changes of one kind, in order, so that a watch can go on where it stopped. */
export interface EventWindow {
  append(event: CacheEvent, nowMs: number): void;
  /** Drops what is older than {@link WindowLimits.ageMaxMs}. */
  expire(nowMs: number): void;
  /** Forgets everything: changes up to `revision` can no longer be replayed. */
  restart(revision: number): void;
  /** Every change after this revision is in the window. */
  readonly floor: number;
  /** The position of the oldest change in the window. */
  readonly start: number;
  /** The position of the next change. */
  readonly end: number;
  /** The position of the first change after `revision`, or `undefined` when it lies before {@link floor}. */
  positionAfter(revision: number): number | undefined;
  /**
   * The changes from a position on, or `undefined` when some of them were dropped: the reader was too slow.
   *
   * @param bytesMax - The objects of the changes are together at most this large, except for a single one. Default: all.
   */
  from(position: number, bytesMax?: number): readonly CacheEvent[] | undefined;
}

/** How much a window holds. The oldest changes are dropped first; the newest one always stays. */
export interface WindowLimits {
  readonly eventsMax: number;
  /** Of the objects that the window alone still holds: those that were replaced or deleted. */
  readonly bytesMax: number;
  /** Older changes are dropped, except for the newest {@link agedEventsMax}. */
  readonly ageMaxMs: number;
  readonly agedEventsMax: number;
}

/** An empty window, to which everything up to revision 0 is known. */
export function createEventWindow(limits: WindowLimits): EventWindow {
  const kept = createQueue();
  let bytes = 0;
  let floor = 0;

  const dropOldest = () => {
    const oldest = kept.shift();
    bytes -= heldBytes(oldest.event);
    // Further changes of the same revision may follow: the floor covers all of them.
    floor = oldest.event.revision;
  };

  const expire = (nowMs: number) => {
    const agedOut = nowMs - limits.ageMaxMs;
    while (kept.length > limits.agedEventsMax && (kept.at(kept.start)?.atMs ?? nowMs) < agedOut) dropOldest();
  };

  return {
    get floor() {
      return floor;
    },
    get start() {
      return kept.start;
    },
    get end() {
      return kept.start + kept.length;
    },
    append(event, nowMs) {
      kept.push({ event, atMs: nowMs });
      bytes += heldBytes(event);
      while (kept.length > 1 && (kept.length > limits.eventsMax || bytes > limits.bytesMax)) dropOldest();
      expire(nowMs);
    },
    expire,
    restart(revision) {
      kept.clear();
      bytes = 0;
      floor = revision;
    },
    positionAfter(revision) {
      if (revision < floor) return undefined;
      let low = kept.start;
      let high = kept.start + kept.length;
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        if ((kept.at(middle)?.event.revision ?? 0) <= revision) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    from(position, bytesMax = Number.POSITIVE_INFINITY) {
      if (position < kept.start) return undefined;
      const events: CacheEvent[] = [];
      let takenBytes = 0;
      for (let at = position; ; at++) {
        const event = kept.at(at)?.event;
        if (event === undefined) return events;
        takenBytes += shownBytes(event);
        if (events.length > 0 && takenBytes > bytesMax) return events;
        events.push(event);
      }
    },
  };
}

interface Kept {
  readonly event: CacheEvent;
  readonly atMs: number;
}

/** A queue whose items keep their positions while others are taken away in front of them. */
function createQueue() {
  const items = createFifo<Kept>();
  let start = 0;
  return {
    get length() {
      return items.length;
    },
    /** The position of the first item. */
    get start() {
      return start;
    },
    at: (position: number): Kept | undefined => items.at(position - start),
    push: items.push,
    shift(): Kept {
      const item = items.shift();
      if (item === undefined) throw new Error("An empty window has nothing to drop");
      start++;
      return item;
    },
    clear(): void {
      // One more than there were: a reader that had seen them all has missed something, too.
      start += items.length + 1;
      items.clear();
    },
  };
}

/** The current object is held by the cache anyway. */
function heldBytes({ before }: CacheEvent): number {
  return before?.bytes.byteLength ?? 0;
}

function shownBytes({ before, after }: CacheEvent): number {
  return (after ?? before)?.bytes.byteLength ?? 0;
}
