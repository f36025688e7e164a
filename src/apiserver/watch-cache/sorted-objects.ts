import type { StoredObject } from "../registry/stored-object.ts";

/** Objects by key, and in order of key. */
export interface SortedObjects {
  readonly size: number;
  get(key: string): StoredObject | undefined;
  set(object: StoredObject): void;
  delete(key: string): void;
  clear(): void;
  /** All objects whose key starts with `prefix`, in order. A copy: later changes do not show in it. */
  below(prefix: string): readonly StoredObject[];
}

/** Keys are compared by their code units, which for the ASCII names of Kubernetes is the store's order. */
export function createSortedObjects(): SortedObjects {
  const byKey = new Map<string, StoredObject>();
  const keys: string[] = [];

  const firstAtLeast = (key: string) => {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? "") < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    get size() {
      return keys.length;
    },
    get: (key) => byKey.get(key),
    set(object) {
      if (!byKey.has(object.key)) keys.splice(firstAtLeast(object.key), 0, object.key);
      byKey.set(object.key, object);
    },
    delete(key) {
      if (byKey.delete(key)) keys.splice(firstAtLeast(key), 1);
    },
    clear() {
      byKey.clear();
      keys.length = 0;
    },
    below(prefix) {
      const found: StoredObject[] = [];
      for (let index = firstAtLeast(prefix); index < keys.length; index++) {
        const key = keys[index];
        if (key === undefined || !key.startsWith(prefix)) break;
        const object = byKey.get(key);
        if (object !== undefined) found.push(object);
      }
      return found;
    },
  };
}
