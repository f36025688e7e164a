import { compareKeys } from "./key-order.ts";

/** Most keys in one chunk: inserting moves at most this many, and a million keys are about 4,000 chunks. */
const CHUNK_KEYS_MAX = 512;

/** A set of keys in the order of {@link compareKeys}. */
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

/** An empty set, kept as a list of sorted chunks. */
export function createSortedKeys(): SortedKeys {
  const chunks: string[][] = [];

  /** The last chunk that may hold `key`. */
  const chunkFor = (key: string) =>
    Math.max(0, lowerBound(chunks, (chunk) => compareKeys(chunk[0] ?? "", key) <= 0) - 1);
  const placeIn = (chunk: readonly string[], key: string) => lowerBound(chunk, (k) => compareKeys(k, key) < 0);

  return {
    add(key) {
      const at = chunkFor(key);
      const chunk = chunks[at];
      if (chunk === undefined) {
        chunks.push([key]);
        return;
      }
      const place = placeIn(chunk, key);
      if (chunk[place] === key) return;
      chunk.splice(place, 0, key);
      if (chunk.length > CHUNK_KEYS_MAX) chunks.splice(at + 1, 0, chunk.splice(CHUNK_KEYS_MAX / 2));
    },

    delete(key) {
      const at = chunkFor(key);
      const chunk = chunks[at];
      if (chunk === undefined) return;
      const place = placeIn(chunk, key);
      if (chunk[place] !== key) return;
      chunk.splice(place, 1);
      if (chunk.length === 0) chunks.splice(at, 1);
    },

    *range(start, end) {
      for (let at = chunkFor(start); at < chunks.length; at++) {
        const chunk = chunks[at] ?? [];
        for (let place = placeIn(chunk, start); place < chunk.length; place++) {
          const key = chunk[place] ?? "";
          if (compareKeys(key, end) >= 0) return;
          yield key;
        }
      }
    },

    count(start, end) {
      let count = 0;
      for (let at = chunkFor(start); at < chunks.length; at++) {
        const chunk = chunks[at] ?? [];
        const upTo = placeIn(chunk, end);
        count += Math.max(0, upTo - placeIn(chunk, start));
        if (upTo < chunk.length) break;
      }
      return count;
    },
  };
}

/** The first index whose item is not `before`; items that are come first. */
function lowerBound<T>(items: readonly T[], before: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
