import type { StoredObject } from "../registry/stored-object.ts";

/** One change of one object. At least one of `before` and `after` is there. */
export interface CacheEvent {
  readonly revision: number;
  /** What was there. After a deletion it carries the revision of the deletion. */
  readonly before: StoredObject | undefined;
  readonly after: StoredObject | undefined;
  /** Lines already written for this change, by event type: watchers of one kind share them. */
  readonly lines: Map<string, Uint8Array>;
}

/** The newest changes of one kind, in order, so that a watch can go on where it stopped. */
export interface EventWindow {
  append(event: CacheEvent): void;
  /** Forgets everything: changes up to `revision` can no longer be told. */
  restart(revision: number): void;
  /** Every change after this revision is in the window. */
  readonly floor: number;
  /** The position of the first change after `revision`, or `undefined` when it lies before {@link floor}. */
  positionAfter(revision: number): number | undefined;
  /** The changes from a position on, or `undefined` when some of them were dropped: the reader was too slow. */
  from(position: number): readonly CacheEvent[] | undefined;
}

/** @param capacity - How many changes are kept at least; up to twice as many between two clean-ups. */
export function createEventWindow(capacity: number): EventWindow {
  let events: CacheEvent[] = [];
  let dropped = 0;
  let floor = 0;

  const indexAfter = (revision: number) => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((events[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get floor() {
      return floor;
    },
    append(event) {
      events.push(event);
      if (events.length < 2 * capacity) return;
      // The revision of the last one dropped may have further changes behind it: the floor then covers them all.
      floor = events[capacity - 1]?.revision ?? floor;
      events = events.slice(capacity);
      dropped += capacity;
    },
    restart(revision) {
      // One more than there were: a reader that had seen them all has missed something, too.
      dropped += events.length + 1;
      events = [];
      floor = revision;
    },
    positionAfter: (revision) => (revision < floor ? undefined : dropped + indexAfter(revision)),
    from: (position) => (position < dropped ? undefined : events.slice(position - dropped)),
  };
}
