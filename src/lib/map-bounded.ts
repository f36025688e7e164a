/**
 * Maps the items with at most `atOnceMax` calls of `map` in progress.
 *
 * Rejects with the first failure; no further call is begun then.
 *
 * @returns the results in the order of the items.
 */
export async function mapBounded<A, B>(
  items: readonly A[],
  atOnceMax: number,
  map: (item: A) => Promise<B>,
): Promise<readonly B[]> {
  const results: B[] = [];
  const left = entriesOf(items);
  const work = async () => {
    for (const [i, item] of left) results[i] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, work));
  return results;
}

/** A generator, which a loop that fails closes for all loops over it: the iterator of an array goes on. */
function* entriesOf<A>(items: readonly A[]): Generator<readonly [number, A]> {
  yield* items.entries();
}
