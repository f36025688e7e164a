import type { Clock } from "@fairlead/lib/clock";
import { backOff } from "./back-off.ts";

/** Something that shall run, and what is done about it. */
export interface KeepRunningOptions {
  isRunning(): Promise<boolean>;
  /** Removes what belongs to the instance that ended, before the next start. */
  onEnd(): Promise<void>;
  /** Must report its own failure; it is retried like an end. */
  start(): Promise<void>;
  readonly clock: Clock;
  /** Ends every pause at once; a start under way is awaited. */
  readonly stopping: AbortSignal;
}

/** Something that is kept running until it is stopped. */
export interface KeptRunning {
  /** Checks now whether it still runs. For events that may mean its end. */
  check(): void;
  /** Resolves after `stopping` was aborted. */
  readonly stopped: Promise<void>;
}

/** Interval between checks without an event, in milliseconds: a safety net. Each reads one file below `/proc`. */
const CHECK_INTERVAL_MS = 10_000;

/** Starts something again whenever it has ended, after the pauses of {@link backOff}. */
export function keepRunning(options: KeepRunningOptions): KeptRunning {
  let event = new AbortController();

  async function keep(): Promise<void> {
    const { clock, stopping } = options;
    const pause = (durationMs: number, signal: AbortSignal) => clock.sleep(durationMs, signal).catch(() => {});
    const delays = backOff();
    let startedAt = clock.monotonicMs();
    while (!stopping.aborted) {
      // Before the check: an event during it asks for another one.
      event = new AbortController();
      if (await options.isRunning()) {
        await pause(CHECK_INTERVAL_MS, AbortSignal.any([event.signal, stopping]));
        continue;
      }
      await options.onEnd();
      await pause(delays.next(clock.monotonicMs() - startedAt), stopping);
      if (stopping.aborted) return;
      startedAt = clock.monotonicMs();
      await options.start();
    }
  }

  return { check: () => event.abort(), stopped: keep() };
}
