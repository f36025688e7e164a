import { createSortedChunks } from "@fairlead/store/sorted-chunks";
import { prefixEnd } from "@fairlead/store/store";
import type { StoredObject } from "../registry/stored-object.ts";

/** Objects by key, and in order of key. */
export interface SortedObjects {
  readonly size: number;
  get(key: string): StoredObject | undefined;
  set(object: StoredObject): void;
  delete(key: string): void;
  clear(): void;
  /**
   * The objects whose key starts with `prefix`, in order. A copy: later changes do not show in it.
   *
   * @param limit - Of the first ones only, so many at most. Default: all.
   */
  below(prefix: string, limit?: number): readonly StoredObject[];
  /** The same for keys in `[start, end)`. */
  range(start: string, end: string, limit: number): readonly StoredObject[];
  /** How many keys start with `prefix`. */
  count(prefix: string): number;
}

/** No objects. */
export function createSortedObjects(): SortedObjects {
  const byKey = new Map<string, StoredObject>();
  const inOrder = createSortedChunks((object: StoredObject) => object.key);

  function range(start: string, end: string, limit: number): readonly StoredObject[] {
    const found: StoredObject[] = [];
    for (const part of inOrder.parts(start, end)) {
      for (const object of part) {
        if (found.length >= limit) return found;
        found.push(object);
      }
    }
    return found;
  }

  return {
    get size() {
      return byKey.size;
    },
    get: (key) => byKey.get(key),
    set(object) {
      byKey.set(object.key, object);
      inOrder.set(object);
    },
    delete(key) {
      if (byKey.delete(key)) inOrder.delete(key);
    },
    clear() {
      byKey.clear();
      inOrder.clear();
    },
    below: (prefix, limit = Number.POSITIVE_INFINITY) => range(prefix, prefixEnd(prefix), limit),
    range,
    count: (prefix) => inOrder.count(prefix, prefixEnd(prefix)),
  };
}
