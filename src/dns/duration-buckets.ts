/** CoreDNS's bounds for durations, in seconds: each twice the one before. */
export const DURATION_SECONDS: readonly number[] = Array.from(
  { length: 16 },
  (_, exponent) => 0.000_25 * 2 ** exponent,
);
