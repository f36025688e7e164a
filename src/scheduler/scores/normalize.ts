/** The best score that a node can get from one score. */
export const SCORE_MAX = 100;

/** Stretches counts so that the highest becomes {@link SCORE_MAX}; all stay 0 when there is none. */
export function normalize(counts: readonly number[]): readonly number[] {
  const highest = Math.max(0, ...counts);
  return highest === 0 ? counts : counts.map((count) => Math.floor((count * SCORE_MAX) / highest));
}

/** As {@link normalize}, with the lowest count best. */
export function normalizeReversed(counts: readonly number[]): readonly number[] {
  return normalize(counts).map((score) => SCORE_MAX - score);
}
