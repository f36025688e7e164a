/** The outcome of a number of calls. */
export interface SlowStart<T> {
  readonly results: readonly T[];
  /** The first error. The calls that would have come after its batch have not been made. */
  readonly error?: unknown;
}

/**
 * Calls `make` up to `count` times in batches of 1, 2, 4 and so on, the calls of a batch at once.
 *
 * What is refused once would mostly be refused every time: so few requests are lost on a quota that is used up.
 */
export async function slowStart<T>(count: number, make: () => Promise<T>): Promise<SlowStart<T>> {
  const results: T[] = [];
  for (let batch = 1, left = count; left > 0; left -= batch, batch *= 2) {
    const settled = await Promise.allSettled(Array.from({ length: Math.min(batch, left) }, make));
    for (const one of settled) if (one.status === "fulfilled") results.push(one.value);
    const failed = settled.find((one) => one.status === "rejected");
    if (failed !== undefined) return { results, error: failed.reason };
  }
  return { results };
}
