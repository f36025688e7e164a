import type { Clock } from "@fairlead/lib/clock";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";

/** Interval between looks for expired keys, in milliseconds. Keys with a time to live are events, which live for an hour. */
const EXPIRY_INTERVAL_MS = 5_000;

/**
 * Calls `expire` with the time every five seconds, and then again until no key is due, until stopped. Waits for each call:
 * other writes are carried out between two calls. After a failure it waits for the next interval: the keys are still due,
 * and callers that write get the same failure and report it.
 *
 * @param expire - Deletes some of the keys that are due. Returns whether it deleted any.
 */
export function startExpiry(clock: Clock, expire: (nowMs: number) => Promise<boolean>): Running {
  const turn = async (signal: AbortSignal) => {
    while (!signal.aborted && (await expire(clock.now()).catch(() => false)));
    return EXPIRY_INTERVAL_MS;
  };
  return startLoop({ turn, firstPauseMs: EXPIRY_INTERVAL_MS, clock });
}
