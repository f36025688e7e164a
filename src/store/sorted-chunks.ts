import { compareKeys } from "./key-order.ts";

/** Most items in one chunk: inserting moves at most this many, and a million items are about 4,000 chunks. */
const CHUNK_ITEMS_MAX = 512;

/** Items with a key each, in the order of {@link compareKeys}. */
export interface SortedChunks<T> {
  /** Adds an item, or replaces the one with its key. */
  set(item: T): void;
  /** Removing a key that is not there does nothing. */
  delete(key: string): void;
  clear(): void;
  /** The items with keys in `[start, end)`, in order: views of parts of chunks, to be read before the next change. */
  parts(start: string, end: string): Iterable<readonly T[]>;
  /** How many keys are in `[start, end)`. */
  count(start: string, end: string): number;
}

/** Nothing yet. Kept as a list of sorted chunks. */
export function createSortedChunks<T>(keyOf: (item: T) => string): SortedChunks<T> {
  let chunks: T[][] = [];

  const placeIn = (chunk: readonly T[], key: string) => lowerBound(chunk, (item) => compareKeys(keyOf(item), key) < 0);
  /** The last chunk that may hold `key`. */
  const chunkFor = (key: string) =>
    Math.max(0, lowerBound(chunks, ([first]) => first !== undefined && compareKeys(keyOf(first), key) <= 0) - 1);
  const holds = (chunk: readonly T[], place: number, key: string) => {
    const item = chunk[place];
    return item !== undefined && keyOf(item) === key;
  };

  /** Where the range is in each chunk that has some of it. */
  function* places(start: string, end: string) {
    for (let at = chunkFor(start); at < chunks.length; at++) {
      const chunk = chunks[at] ?? [];
      const from = placeIn(chunk, start);
      const to = placeIn(chunk, end);
      if (to > from) yield { chunk, from, to };
      if (to < chunk.length) return;
    }
  }

  return {
    set(item) {
      const key = keyOf(item);
      const at = chunkFor(key);
      const chunk = chunks[at];
      if (chunk === undefined) {
        chunks.push([item]);
        return;
      }
      const place = placeIn(chunk, key);
      chunk.splice(place, holds(chunk, place, key) ? 1 : 0, item);
      if (chunk.length > CHUNK_ITEMS_MAX) chunks.splice(at + 1, 0, chunk.splice(CHUNK_ITEMS_MAX / 2));
    },
    delete(key) {
      const at = chunkFor(key);
      const chunk = chunks[at];
      if (chunk === undefined) return;
      const place = placeIn(chunk, key);
      if (!holds(chunk, place, key)) return;
      chunk.splice(place, 1);
      if (chunk.length === 0) chunks.splice(at, 1);
    },
    clear() {
      chunks = [];
    },
    *parts(start, end) {
      for (const { chunk, from, to } of places(start, end)) yield chunk.slice(from, to);
    },
    count(start, end) {
      let count = 0;
      for (const { from, to } of places(start, end)) count += to - from;
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
