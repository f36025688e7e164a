/** A condition as far as the time of its transition depends on it. */
export interface ConditionTurn {
  readonly status: string;
  readonly lastTransitionTime?: string | undefined;
}

/**
 * Returns the `lastTransitionTime` of a condition that is about to be written: it stays as long as the status does.
 *
 * @param before - The condition of the same type that was written before.
 * @param now - As the API writes times.
 */
export function transitionTime(before: ConditionTurn | undefined, status: string, now: string): string {
  return before?.status === status ? (before.lastTransitionTime ?? now) : now;
}
