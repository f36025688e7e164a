import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Loop, startLoop } from "@fairlead/lib/start-loop";

/** What to look at, and how to wait. */
export interface LookLoopOptions {
  /** Looks once and does what is needed. Returns after how many milliseconds to look again, or `done` for never. */
  readonly look: () => Promise<number | "done">;
  /** Whether an error only says that the look was interrupted. */
  readonly isInterruption: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

const FAILURE_FIRST_MS = 500;
const FAILURE_MAX_MS = 30_000;
/** Looks without a pause before it takes one: a plan that is never done would keep the machine busy for nothing. */
const IN_A_ROW_MAX = 50;
/** Syncs at intervals even without an event; upstream's interval is a minute. */
const IDLE_MS = 60_000;

/** Looks until the last look. Failures are logged and retried with growing pauses. */
export function startLookLoop({ look, isInterruption, clock, log }: LookLoopOptions): Loop {
  const backOff = createBackOff({ initialMs: FAILURE_FIRST_MS, maxMs: FAILURE_MAX_MS });
  let inARow = 0;

  async function turn(signal: AbortSignal): Promise<number | "done"> {
    try {
      const inMs = await look();
      if (inMs === "done") return inMs;
      backOff.reset();
      inARow = inMs === 0 ? inARow + 1 : 0;
      return inARow > IN_A_ROW_MAX ? FAILURE_FIRST_MS : Math.min(inMs, IDLE_MS);
    } catch (error) {
      if (signal.aborted) return "done";
      if (isInterruption(error)) return 0;
      log.warn("Cannot sync a pod: trying again", { error });
      return backOff.next();
    }
  }

  // The caller holds the loop before its first look.
  return startLoop({ turn, ready: Promise.resolve(), clock });
}
