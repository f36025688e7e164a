import type { ProbeResult } from "./probe-results.ts";

/** How a probe has gone so far. */
export interface ProbeTally {
  /** What counts: the last result that was reached often enough in a row. */
  readonly settled: ProbeResult | undefined;
  readonly last: ProbeResult | undefined;
  /** How often `last` came in a row. */
  readonly inARow: number;
}

/** The tally after one more result: it counts once it came `successThreshold` or `failureThreshold` times in a row. */
export function tally(
  before: ProbeTally,
  result: ProbeResult,
  { successThreshold, failureThreshold }: { readonly successThreshold: number; readonly failureThreshold: number },
): ProbeTally {
  const inARow = before.last === result ? before.inARow + 1 : 1;
  const needed = result === "success" ? successThreshold : failureThreshold;
  return { settled: inARow >= needed ? result : before.settled, last: result, inARow };
}
