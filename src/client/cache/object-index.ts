import type { KubeObject } from "../../api/resource-reference.ts";
import type { CacheKey, Indexes } from "./cache.ts";

/** Objects by key and by the values of index functions. */
export interface ObjectIndex<T> {
  readonly size: number;
  get(key: CacheKey): T | undefined;
  list(): readonly T[];
  byIndex(index: string, value: string): readonly T[];
  keys(): Iterable<CacheKey>;
  /** Puts the object in the place of the one before, which is returned; `undefined` takes it out. */
  set(key: CacheKey, object: T | undefined): T | undefined;
}

/** `namespace/name`, or `name` where there is no namespace. */
export function cacheKey({ metadata }: Pick<KubeObject, "metadata">): CacheKey {
  return metadata.namespace === undefined || metadata.namespace === ""
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}

/** The parts of a {@link CacheKey}, as clients ask for them. */
export function splitCacheKey(key: CacheKey): { readonly namespace?: string; readonly name: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** An empty index. */
export function createObjectIndex<T>(indexes: Indexes<T>): ObjectIndex<T> {
  const objects = new Map<CacheKey, T>();
  const tables = Object.entries(indexes).map(([name, valuesOf]) => ({
    name,
    valuesOf,
    keysByValue: new Map<string, Set<CacheKey>>(),
  }));

  return {
    get size() {
      return objects.size;
    },
    get: (key) => objects.get(key),
    list: () => [...objects.values()],
    keys: () => objects.keys(),

    byIndex(index, value) {
      const table = tables.find(({ name }) => name === index);
      if (table === undefined) throw new Error(`There is no index ${JSON.stringify(index)}`);
      return [...(table.keysByValue.get(value) ?? [])].flatMap((key) => objects.get(key) ?? []);
    },

    set(key, object) {
      const before = objects.get(key);
      for (const { valuesOf, keysByValue } of tables) {
        if (before !== undefined) for (const value of valuesOf(before)) removeFrom(keysByValue, value, key);
        if (object !== undefined) for (const value of valuesOf(object)) addTo(keysByValue, value, key);
      }
      if (object === undefined) objects.delete(key);
      else objects.set(key, object);
      return before;
    },
  };
}

function addTo(keysByValue: Map<string, Set<CacheKey>>, value: string, key: CacheKey): void {
  const keys = keysByValue.get(value);
  if (keys === undefined) keysByValue.set(value, new Set([key]));
  else keys.add(key);
}

function removeFrom(keysByValue: Map<string, Set<CacheKey>>, value: string, key: CacheKey): void {
  const keys = keysByValue.get(value);
  keys?.delete(key);
  if (keys?.size === 0) keysByValue.delete(value);
}
