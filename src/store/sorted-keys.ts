import { createSortedChunks } from "./sorted-chunks.ts";

/** A set of keys in the order of `compareKeys`. */
export interface SortedKeys {
  /** Adding a key twice does nothing. */
  add(key: string): void;
  /** Removing a key that is not there does nothing. */
  delete(key: string): void;
  /** The keys in `[start, end)`, in order. The set must not change while it is walked. */
  range(start: string, end: string): Iterable<string>;
  /** How many keys are in `[start, end)`. */
  count(start: string, end: string): number;
}

/** An empty set. */
export function createSortedKeys(): SortedKeys {
  const keys = createSortedChunks((key: string) => key);
  return {
    add: keys.set,
    delete: keys.delete,
    *range(start, end) {
      for (const part of keys.parts(start, end)) yield* part;
    },
    count: keys.count,
  };
}
