import type { Clock } from "./clock.ts";
import type { Running } from "./running.ts";
import { running } from "./running.ts";

export interface PeriodicOptions {
  readonly clock: Clock;
  /** From the end of one run to the beginning of the next, in milliseconds. The first run is one interval after the start. */
  readonly intervalMs: number;
  /** Must not reject: it reports its own failures. */
  run(signal: AbortSignal): Promise<void>;
}

/** Runs something again and again, never two at once. Stopping aborts the signal and waits for the run in progress. */
export function startPeriodic({ clock, intervalMs, run }: PeriodicOptions): Running {
  const ending = new AbortController();
  const { signal } = ending;
  const follow = async () => {
    while (!signal.aborted) {
      await clock.sleep(intervalMs, signal).catch(() => {});
      if (!signal.aborted) await run(signal);
    }
  };
  const done = follow();
  return running(async () => {
    ending.abort(new Error("Stopped"));
    await done;
  });
}
