/** Most addresses that an Endpoints object may hold. */
export const ADDRESSES_MAX = 1000;

/** How many addresses a subset has. */
export interface AddressCounts {
  readonly ready: number;
  readonly notReady: number;
}

/**
 * Cuts subsets down to {@link ADDRESSES_MAX} addresses, each in proportion to what it has, ready ones before others.
 *
 * Returns what is left of each; `undefined` when nothing has to be cut.
 */
export function truncatedCounts(subsets: readonly AddressCounts[]): readonly AddressCounts[] | undefined {
  const ready = subsets.map((subset) => subset.ready);
  const notReady = subsets.map((subset) => subset.notReady);
  const readyTotal = total(ready);
  if (readyTotal + total(notReady) <= ADDRESSES_MAX) return undefined;
  if (readyTotal > ADDRESSES_MAX) return shares(ready, ADDRESSES_MAX).map((count) => ({ ready: count, notReady: 0 }));
  const left = shares(notReady, ADDRESSES_MAX - readyTotal);
  return subsets.map((subset, i) => ({ ready: subset.ready, notReady: left[i] ?? 0 }));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function shares(counts: readonly number[], to: number): readonly number[] {
  const of = total(counts);
  let left = to;
  return counts.map((count) => {
    const share = Math.min(left, count, Math.ceil((count / of) * to));
    left -= share;
    return share;
  });
}
