/** Growing pauses between attempts. */
export interface BackOff {
  /** The pause before the next attempt, in milliseconds. Each is longer than the one before. */
  next(): number;
  /** The last attempt went well: start over. */
  reset(): void;
}

export interface BackOffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** Makes each pause longer by a random part of itself, up to `fraction`. Default: pauses are exact. */
  readonly jitter?: { readonly fraction: number; readonly random: () => number };
}

/** Pauses that double from `initialMs` to `maxMs`. */
export function createBackOff({ initialMs, maxMs, jitter }: BackOffOptions): BackOff {
  let attempts = 0;
  return {
    next() {
      const pauseMs = exponentialMs(attempts, { initialMs, maxMs });
      attempts += 1;
      return jitter === undefined ? pauseMs : pauseMs * (1 + jitter.fraction * jitter.random());
    },
    reset() {
      attempts = 0;
    },
  };
}

/** The pause after `failures` failures (from 0): doubled each time, up to `maxMs`. */
export function exponentialMs(failures: number, { initialMs, maxMs }: { initialMs: number; maxMs: number }): number {
  return Math.min(maxMs, initialMs * 2 ** Math.min(failures, 52));
}
