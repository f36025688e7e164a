/** How long to wait before the next try, after a row of failures. */
export interface BackOff {
  readonly delayMs: number;
  /** When the last try was made. */
  readonly updatedAt: number;
}

const FIRST_MS = 10_000;
const MAX_MS = 300_000;
/** Without a failure for this long, the next one is a first one. */
const FORGOTTEN_AFTER_MS = 2 * MAX_MS;

/**
 * The wait after one more try: 10 s, doubling to five minutes, and from the start after ten quiet minutes.
 *
 * @param eventAt - When the failure that led to this retry happened: the container ended, the pull failed.
 */
export function nextBackOff(last: BackOff | undefined, eventAt: number, now: number): BackOff {
  const fresh = last === undefined || eventAt - last.updatedAt > FORGOTTEN_AFTER_MS;
  return { delayMs: fresh ? FIRST_MS : Math.min(MAX_MS, last.delayMs * 2), updatedAt: now };
}

/** Milliseconds still to wait, 0 when it may be tried now. */
export function remainingMs(last: BackOff | undefined, eventAt: number, now: number): number {
  if (last === undefined || eventAt - last.updatedAt > FORGOTTEN_AFTER_MS) return 0;
  // The machine's clock may have been set back since the event.
  return Math.min(last.delayMs, Math.max(0, eventAt + last.delayMs - now));
}

/** As Go prints a duration of whole seconds: `10s`, `1m20s`, `5m0s`. */
export function secondsText(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
