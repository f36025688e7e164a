/** Delay from an event to the look at the runtime, in milliseconds: it writes its own records just after the event. */
const SETTLE_MS = 20;
/** Shortest time between two looks, in milliseconds: many pods at once send hundreds of events a second. */
const SPACING_MS = 200;
/** Time from the last event to one more look, in milliseconds: finds what the runtime recorded late. */
const LATE_MS = 500;
/** Interval between looks while events arrive, in milliseconds: a safety net for events that are lost. */
const FOLLOWED_MS = 60_000;

/** Decides when to list the runtime's containers. Times are in milliseconds of one clock. */
export interface LookTimes {
  /** Something has changed. */
  event(nowMs: number): void;
  /** A look begins. */
  look(nowMs: number): void;
  /**
   * When the next look is due.
   *
   * @param isFollowed - Whether the runtime sends events.
   */
  dueMs(isFollowed: boolean): number;
}

/** @param pollIntervalMs - Poll interval for a runtime without events. */
export function createLookTimes(pollIntervalMs: number): LookTimes {
  let lookMs = Number.NEGATIVE_INFINITY;
  let firstUnseenMs: number | undefined;
  let lastEventMs = Number.NEGATIVE_INFINITY;
  return {
    event(nowMs) {
      firstUnseenMs ??= nowMs;
      lastEventMs = nowMs;
    },
    look(nowMs) {
      lookMs = nowMs;
      firstUnseenMs = undefined;
    },
    dueMs(isFollowed) {
      const byInterval = lookMs + (isFollowed ? FOLLOWED_MS : pollIntervalMs);
      if (firstUnseenMs !== undefined) {
        return Math.min(byInterval, Math.max(firstUnseenMs + SETTLE_MS, lookMs + SPACING_MS));
      }
      return lookMs < lastEventMs + LATE_MS ? Math.min(byInterval, lastEventMs + LATE_MS) : byInterval;
    },
  };
}
