import { createFifo } from "@fairlead/lib/fifo";
import type { CacheEvent, EventWindow } from "./event-window.ts";
import type { Interest } from "./interest-index.ts";
import { createInterestIndex } from "./interest-index.ts";

/** A reader's place in the changes of one kind. */
export interface Follower {
  /**
   * What came since the last call, all that the reader is interested in and perhaps more. `undefined`: the reader was so
   * slow that changes are lost to it.
   *
   * @param bytesMax - As for a window's `from`: {@link hasMore} then says whether to call again. Default: all.
   */
  take(bytesMax?: number): readonly CacheEvent[] | undefined;
  readonly hasMore: boolean;
  /** Whether changes are lost to the reader. */
  readonly isLost: boolean;
  /** Whether no change will follow those that are there. */
  readonly isOver: boolean;
  /** Calls the listener soon after changes of interest, once for all of one turn. Returns the unsubscriber. */
  onNews(listener: () => void): () => void;
}

/** All watchers of one kind. Each gets the changes that it is interested in. */
export interface Followers {
  append(event: CacheEvent, nowMs: number): void;
  /** Drops old changes, and soon notifies the followers that lost some: no other event may follow. */
  expire(nowMs: number): void;
  /** Everything before is lost to all followers. */
  restart(revision: number): void;
  /** No change will follow. Followers take those that are there. */
  end(): void;
  /** A follower of the changes after `revision`; `undefined` when some of them are no longer known. */
  follow(revision: number, interest: Interest): Follower | undefined;
  /** Whether a follower waits for events. */
  readonly areThere: boolean;
}

interface Place {
  /** The first change not taken yet. `undefined`: there is none, and the next one of interest sets it. */
  position: number | undefined;
  readonly notify: () => void;
}

/** Before every position. */
const LOST = -1;
/** Interval between checks for followers that lost changes, in milliseconds: each check visits all followers. */
const LOST_CHECK_INTERVAL_MS = 10_000;

/**
 * Followers that are notified in one turn of the event loop at most. With a thousand clients that are behind, other requests are
 * answered between two turns, and the changes that they make leave together with those that are still to be sent.
 */
const NOTIFIED_AT_ONCE_MAX = 64;

/** @param soon - Runs work at the end of this turn of the event loop: several writes that arrive in it are delivered together. */
export function createFollowers(window: EventWindow, soon: (work: () => void) => void): Followers {
  const listening = createInterestIndex<Place>();
  const pending = new Set<Place>();
  /** Those that are pending, and some that have left. */
  const inTurn = createFifo<Place>();
  let isBegun = false;
  let checkedAtMs = Number.NEGATIVE_INFINITY;
  let isOver = false;

  const beginSoon = () => {
    if (isBegun || inTurn.length === 0) return;
    isBegun = true;
    soon(notifySome);
  };
  const notifySome = () => {
    isBegun = false;
    for (let left = Math.min(inTurn.length, NOTIFIED_AT_ONCE_MAX); left > 0; left--) {
      const place = inTurn.shift();
      if (place !== undefined && pending.delete(place)) place.notify();
    }
    beginSoon();
  };

  const notifySoon = (place: Place) => {
    if (pending.has(place)) return;
    pending.add(place);
    inTurn.push(place);
    beginSoon();
  };

  return {
    append(event, nowMs) {
      window.append(event, nowMs);
      for (const place of listening.of(event)) {
        place.position ??= window.end - 1;
        notifySoon(place);
      }
    },

    expire(nowMs) {
      window.expire(nowMs);
      if (nowMs - checkedAtMs < LOST_CHECK_INTERVAL_MS) return;
      checkedAtMs = nowMs;
      for (const place of listening.all()) if (isLost(place, window)) notifySoon(place);
    },

    get areThere() {
      for (const _place of listening.all()) return true;
      return false;
    },

    restart(revision) {
      window.restart(revision);
      for (const place of listening.all()) {
        place.position = LOST;
        notifySoon(place);
      }
    },

    end() {
      isOver = true;
      for (const place of listening.all()) notifySoon(place);
    },

    follow(revision, interest) {
      const position = window.positionAfter(revision);
      if (position === undefined) return undefined;
      const listen = (place: Place) => {
        const remove = listening.add(interest, place);
        return () => {
          remove();
          pending.delete(place);
        };
      };
      return createFollower({ window, isOver: () => isOver, listen }, position);
    },
  };
}

function isLost({ position }: Place, { start }: EventWindow): boolean {
  return position !== undefined && position < start;
}

interface Followed {
  readonly window: EventWindow;
  isOver(): boolean;
  /** Sets the place's position, and reports it, from now on. */
  listen(place: Place): () => void;
}

function createFollower({ window, isOver, listen }: Followed, start: number): Follower {
  // Without a listener the follower scans all events.
  let place: Place = { position: start, notify: () => {} };
  let isListening = false;
  const isUpToDate = () => place.position === undefined || place.position >= window.end;

  return {
    take(bytesMax) {
      if (place.position === undefined) return [];
      const events = window.from(place.position, bytesMax);
      if (events === undefined) return undefined;
      place.position += events.length;
      if (isListening && isUpToDate()) place.position = undefined;
      return events;
    },
    get hasMore() {
      return !isUpToDate();
    },
    get isLost() {
      return isLost(place, window);
    },
    get isOver() {
      return isOver();
    },
    onNews(listener) {
      place = { position: isUpToDate() ? undefined : place.position, notify: listener };
      isListening = true;
      const unsubscribe = listen(place);
      return () => {
        unsubscribe();
        isListening = false;
        place.position ??= window.end;
      };
    },
  };
}
