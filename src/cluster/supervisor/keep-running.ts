import type { Clock } from "../../lib/clock.ts";
import { backOff } from "./back-off.ts";

/** Something that shall run, and what is done about it. */
export interface KeepRunningOptions {
  isRunning(): Promise<boolean>;
  /** Its end was seen: what belongs to it has to go before it is started again. */
  onEnd(): Promise<void>;
  /** A failure is its own to tell: it is then not running, and started again like any other. */
  start(): Promise<void>;
  readonly clock: Clock;
}

/** How often it is looked whether it still runs. */
const WATCH_INTERVAL_MS = 200;

/**
 * Starts something again whenever it has ended, after the pauses of {@link backOff}.
 *
 * @param stopping - Ends every pause at once; a start under way is waited for.
 */
export async function keepRunning(options: KeepRunningOptions, stopping: AbortSignal): Promise<void> {
  const { clock } = options;
  const pause = (durationMs: number) => clock.sleep(durationMs, stopping).catch(() => {});
  const delays = backOff();
  let startedAt = clock.now();
  while (!stopping.aborted) {
    await pause(WATCH_INTERVAL_MS);
    if (stopping.aborted) return;
    if (await options.isRunning()) continue;
    await options.onEnd();
    await pause(delays.next(clock.now() - startedAt));
    if (stopping.aborted) return;
    startedAt = clock.now();
    await options.start();
  }
}
