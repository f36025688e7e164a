import { CALLED_OFF } from "@fairlead/lib/called-off";
import type { Clock } from "@fairlead/lib/clock";

/** Most writes that wait at once: in a large cluster they are as many as one commit should have. */
const HELD_MAX = 32;

/** Passes on what may wait together with what comes later, in the order in which it came. */
export interface Hold<T> {
  /** Passes `item` on after at most `maxDelayMs` milliseconds; 0: at once, with everything that waits before it. */
  pass(item: T, maxDelayMs: number): void;
}

/**
 * Creates a hold. Every commit costs some pages of the disk and a wait for it, however small it is.
 *
 * @param passOn - Gets the items of one commit in one call: a writer thread that got the first alone would commit it.
 */
export function createHold<T>(clock: Clock, passOn: (items: readonly T[]) => void): Hold<T> {
  const held: T[] = [];
  let waiting: { readonly untilMs: number; readonly end: AbortController } | undefined;

  function flush(): void {
    waiting?.end.abort(CALLED_OFF);
    waiting = undefined;
    passOn(held.splice(0));
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
      if (maxDelayMs <= 0 || held.length >= HELD_MAX) flush();
      else flushWithin(maxDelayMs);
    },
  };
}
