import { createBackOff } from "@fairlead/lib/back-off";

/** How long to wait before a program is started again. */
export interface BackOff {
  /** @param ranForMs - How long the program had run when it ended. */
  next(ranForMs: number): number;
}

const FIRST_MS = 100;
const LONGEST_MS = 10_000;
/** A program that ran this long had started well: its next failure is a first one. */
const HEALTHY_AFTER_MS = 10_000;

/** 100 ms after the first failure, twice as long after each further one, 10 s at most. */
export function backOff(): BackOff {
  const pauses = createBackOff({ initialMs: FIRST_MS, maxMs: LONGEST_MS });
  return {
    next(ranForMs) {
      if (ranForMs >= HEALTHY_AFTER_MS) pauses.reset();
      return pauses.next();
    },
  };
}
