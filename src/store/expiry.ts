import type { Clock } from "../lib/clock.ts";
import type { Running } from "../lib/running.ts";
import { running } from "../lib/running.ts";

/** How late a key may be deleted after its time to live. What lives for a time, events, lives for an hour. */
const EXPIRY_INTERVAL_MS = 5_000;

/**
 * Calls `expire` every five seconds with the time, until stopped. A call that fails is repeated with the next:
 * what it should have deleted is still due, and whoever writes meets the same failure and reports it.
 */
export function startExpiry(clock: Clock, expire: (nowMs: number) => Promise<void>): Running {
  const ending = new AbortController();
  const loop = async () => {
    while (!ending.signal.aborted) {
      await clock.sleep(EXPIRY_INTERVAL_MS, ending.signal).catch(() => {});
      if (!ending.signal.aborted) await expire(clock.now()).catch(() => {});
    }
  };
  const done = loop();
  return running(async () => {
    ending.abort();
    await done;
  });
}
