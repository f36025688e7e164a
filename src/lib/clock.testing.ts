import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** A clock that stands still until it is advanced. */
export interface FakeClock extends Clock {
  /** Lets everything happen that is due within `durationMs`, in order. */
  advance(durationMs: number): Promise<void>;
  /** Sets the time of day, as a person or a time server does. Time goes on from there. */
  setNow(nowMs: number): void;
  /** How many wait. */
  readonly sleepers: number;
}

export function createFakeClock(startMs = 1_000_000): FakeClock {
  const sleeping = new Set<{ readonly atMs: number; readonly wake: () => void }>();
  let nowMs = startMs;
  let offsetMs = 0;
  return {
    now: () => nowMs + offsetMs,
    monotonicMs: () => nowMs,
    setNow(at) {
      offsetMs = at - nowMs;
    },
    get sleepers() {
      return sleeping.size;
    },
    sleep: (durationMs, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const giveUp = () => {
          sleeping.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = () => {
          signal?.removeEventListener("abort", giveUp);
          resolve();
        };
        const sleeper = { atMs: nowMs + durationMs, wake };
        sleeping.add(sleeper);
        signal?.addEventListener("abort", giveUp, { once: true });
      }),
    async advance(durationMs) {
      const endMs = nowMs + durationMs;
      await settle();
      for (let next = first(sleeping, endMs); next !== undefined; next = first(sleeping, endMs)) {
        nowMs = Math.max(nowMs, next.atMs);
        sleeping.delete(next);
        next.wake();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

function first<T extends { readonly atMs: number }>(sleeping: Iterable<T>, endMs: number): T | undefined {
  const due = [...sleeping].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
  return due[0];
}

/** Lets all that is ready in this process happen: promises, and what they start. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await turn();
}
