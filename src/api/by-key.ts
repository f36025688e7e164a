/** Returns the indices of the items whose key an earlier item has. The cost grows with the number of items. */
export function repeatedIndices<T>(items: readonly T[], keyOf: (item: T) => unknown): ReadonlySet<number> {
  const seen = new Set<unknown>();
  const repeated = new Set<number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    if (seen.has(key)) repeated.add(index);
    else seen.add(key);
  }
  return repeated;
}

/** Returns the items by their keys. Of several with the same key, the first counts. */
export function firstByKey<T>(items: readonly T[], keyOf: (item: T) => unknown): ReadonlyMap<unknown, T> {
  const found = new Map<unknown, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (!found.has(key)) found.set(key, item);
  }
  return found;
}
