import { startTimer } from "./long-timer.ts";

/** Where time comes from. Passed in, so that decisions can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the epoch. For timestamps that others see: the machine's clock may be set, also back. */
  now(): number;
  /** Milliseconds of a clock that is never set. For durations and deadlines: only differences mean something. */
  monotonicMs(): number;
  /** Resolves after `durationMs`; rejects with the signal's reason when it is aborted first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),

  sleep(durationMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = startTimer(durationMs, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  },
};
