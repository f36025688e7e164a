import { CALLED_OFF } from "@fairlead/lib/called-off";
import type { Clock } from "@fairlead/lib/clock";

/** Most writes that wait at once: in a large cluster they are as many as one commit should have. */
const HELD_MAX = 32;

/** Passes on what may wait together with what comes later, in the order in which it came. */
export interface Hold<T> {
  /**
   * Passes `item` on after at most `maxDelayMs` milliseconds; 0: at the end of this turn of the event loop, with everything that
   * waits before it.
   */
  pass(item: T, maxDelayMs: number): void;
}

export interface HoldOptions<T> {
  readonly clock: Clock;
  /** Runs work at the end of this turn of the event loop. */
  soon(work: () => void): void;
  /** Gets the items of one commit in one call: a writer thread that got the first alone would commit it. */
  passOn(items: readonly T[]): void;
}

/**
 * Creates a hold. Every commit costs some pages of the disk and a wait for it, however small it is, and every message to the writer
 * thread, and each of its answers, some microseconds.
 */
export function createHold<T>({ clock, soon, passOn }: HoldOptions<T>): Hold<T> {
  const held: T[] = [];
  let isSoon = false;
  let waiting: { readonly untilMs: number; readonly end: AbortController } | undefined;

  function flush(): void {
    waiting?.end.abort(CALLED_OFF);
    waiting = undefined;
    if (held.length > 0) passOn(held.splice(0));
  }

  function flushSoon(): void {
    if (isSoon) return;
    isSoon = true;
    soon(() => {
      isSoon = false;
      flush();
    });
  }

  function flushWithin(delayMs: number): void {
    const untilMs = clock.monotonicMs() + delayMs;
    if (waiting !== undefined && waiting.untilMs <= untilMs) return;
    waiting?.end.abort(CALLED_OFF);
    const end = new AbortController();
    waiting = { untilMs, end };
    // Rejects when something else has flushed.
    clock.sleep(delayMs, end.signal).then(flush, () => {});
  }

  return {
    pass(item, maxDelayMs) {
      held.push(item);
      if (maxDelayMs <= 0) flushSoon();
      else if (held.length >= HELD_MAX) flush();
      else flushWithin(maxDelayMs);
    },
  };
}
