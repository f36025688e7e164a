import { type CelValue, EntryMap } from "./value.ts";

/**
 * The list that a fold makes. It grows in place, since a copy at every step would cost the square of its length: no expression
 * can name it before it is complete.
 */
export class GrowingList extends Array<CelValue> {
  /** Copies are plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** The map that a fold makes, which grows in place too. */
export class GrowingMap extends EntryMap {}

/** Returns what a fold starts with, so that it can grow. */
export function growing(value: CelValue): CelValue {
  if (Array.isArray(value) && value.length === 0) return new GrowingList();
  return value instanceof EntryMap && value.size === 0 ? new GrowingMap() : value;
}

/** Returns what a fold has made. It does not grow any more. */
export function grown(value: CelValue): CelValue {
  if (value instanceof GrowingList) return value.slice();
  if (!(value instanceof GrowingMap)) return value;
  const map = new EntryMap();
  for (const key of value.keys()) map.set(key, value.get(key) ?? null);
  return map;
}
