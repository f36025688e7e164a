import { StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";

/** Gives up on work that takes too long, with one timer for all of it. */
export interface Deadlines {
  /**
   * Begins work and resolves with its result.
   *
   * @param begin - Gets a signal that is aborted when the time is up. Work that ignores it goes on unobserved.
   * @param limitMs - How long this piece of work may take. Default: as long as any.
   * @throws {StatusError} `Timeout` when the work has not ended in time.
   */
  inTime<T>(begin: (overdue: AbortSignal) => Promise<T>, limitMs?: number): Promise<T>;
}

/** How exact a deadline is. */
const TICK_MS = 1_000;

/** @param defaultLimitMs - How long each piece of work may take. */
export function createDeadlines(clock: Clock, defaultLimitMs: number): Deadlines {
  const waiting = new Map<object, { readonly endMs: number; giveUp(): void }>();
  let ticking = false;

  const tick = async () => {
    ticking = true;
    while (waiting.size > 0) {
      await clock.sleep(TICK_MS);
      const now = clock.monotonicMs();
      for (const [key, { endMs, giveUp }] of waiting) {
        if (endMs > now) continue;
        waiting.delete(key);
        giveUp();
      }
    }
    ticking = false;
  };

  return {
    inTime(begin, limitMs = defaultLimitMs) {
      const key = {};
      const overdue = new AbortController();
      const work = begin(overdue.signal);
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          const late = new StatusError("Timeout", "Timeout: request did not complete within the allotted timeout");
          reject(late);
          overdue.abort(late);
        };
        waiting.set(key, { endMs: clock.monotonicMs() + limitMs, giveUp });
        if (!ticking) void tick();
        work.then(
          (result) => {
            waiting.delete(key);
            resolve(result);
          },
          (error: unknown) => {
            waiting.delete(key);
            reject(error);
          },
        );
      });
    },
  };
}
