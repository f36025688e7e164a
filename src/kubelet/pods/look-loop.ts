import { exponentialMs } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";

/** What to look at, and how to wait. */
export interface LookLoopOptions {
  /** Looks once and does what is needed. Answers after how many milliseconds to look again, or `done`. */
  readonly look: () => Promise<number | "done">;
  /** Whether an error only says that the look was broken off. */
  readonly isInterruption: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Looks again and again, never twice at a time. */
export interface LookLoop {
  /** Look now, or again right after the look that is under way. */
  wake(): void;
  /** Resolves when `look` has answered `done`, or after {@link stop}. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const FAILURE_FIRST_MS = 500;
const FAILURE_MAX_MS = 30_000;
/** Looks without a pause before it takes one: a plan that is never done would keep the machine busy for nothing. */
const IN_A_ROW_MAX = 50;
/** Syncs at intervals even without an event; upstream's interval is a minute. */
const IDLE_MS = 60_000;

/** Failures are logged and tried again with growing pauses. */
export function startLookLoop({ look, isInterruption, clock, log }: LookLoopOptions): LookLoop {
  const stopped = new AbortController();
  let alarm = new AbortController();
  let failures = 0;
  let inARow = 0;

  async function once(): Promise<number | "done"> {
    try {
      const inMs = await look();
      failures = 0;
      inARow = inMs === 0 ? inARow + 1 : 0;
      return inARow > IN_A_ROW_MAX ? FAILURE_FIRST_MS : inMs;
    } catch (error) {
      if (stopped.signal.aborted) return "done";
      if (isInterruption(error)) return 0;
      failures += 1;
      log.warn("A pod could not be looked after: trying again", { error });
      return exponentialMs(failures - 1, { initialMs: FAILURE_FIRST_MS, maxMs: FAILURE_MAX_MS });
    }
  }

  async function loop(): Promise<void> {
    // The caller holds the loop before its first iteration.
    await undefined;
    while (!stopped.signal.aborted) {
      alarm = new AbortController();
      const inMs = await once();
      if (inMs === "done") return;
      const signal = AbortSignal.any([alarm.signal, stopped.signal]);
      if (inMs > 0) await clock.sleep(Math.min(inMs, IDLE_MS), signal).catch(() => {});
    }
  }

  const ended = loop();
  return {
    wake: () => alarm.abort(),
    ended,
    stop() {
      stopped.abort();
      return ended;
    },
  };
}
