import type { KubeObject } from "@fairlead/api/resource-reference";
import type { CacheKey, Indexes } from "./cache.ts";

/** Objects by key and by the values of index functions. */
export interface ObjectIndex<T> {
  readonly size: number;
  get(key: CacheKey): T | undefined;
  list(): readonly T[];
  /** Adds ways to find objects. The same function added twice is kept once. */
  addIndexes(indexes: Indexes<T>): AddedIndexes<T>;
  keys(): Iterable<CacheKey>;
  /** Puts the object in the place of the one before, which is returned; `undefined` takes it out. */
  set(key: CacheKey, object: T | undefined): T | undefined;
}

/** Indexes of one user. */
export interface AddedIndexes<T> {
  /** The objects for which the function named `index` gave `value`. Throws for a name that was not added. */
  byIndex(index: string, value: string): readonly T[];
  remove(): void;
}

/** The keys of objects by one index function. */
interface Table<T> {
  readonly valuesOf: Indexes<T>[string];
  readonly keysByValue: Map<string, Set<CacheKey>>;
  users: number;
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
export function createObjectIndex<T>(): ObjectIndex<T> {
  const objects = new Map<CacheKey, T>();
  const tables = new Map<Indexes<T>[string], Table<T>>();

  function addTable(valuesOf: Indexes<T>[string]): Table<T> {
    const table: Table<T> = { valuesOf, keysByValue: new Map(), users: 0 };
    for (const [key, object] of objects) for (const value of valuesOf(object)) addTo(table.keysByValue, value, key);
    tables.set(valuesOf, table);
    return table;
  }

  return {
    get size() {
      return objects.size;
    },
    get: (key) => objects.get(key),
    list: () => [...objects.values()],
    keys: () => objects.keys(),

    addIndexes(indexes) {
      const added = new Map(Object.entries(indexes).map(([name, of]) => [name, tables.get(of) ?? addTable(of)]));
      for (const table of added.values()) table.users += 1;
      return {
        byIndex(index, value) {
          const table = added.get(index);
          if (table === undefined) throw new Error(`There is no index ${JSON.stringify(index)}`);
          return [...(table.keysByValue.get(value) ?? [])].flatMap((key) => objects.get(key) ?? []);
        },
        remove() {
          for (const table of added.values()) {
            table.users -= 1;
            if (table.users === 0) tables.delete(table.valuesOf);
          }
        },
      };
    },

    set(key, object) {
      const before = objects.get(key);
      for (const { valuesOf, keysByValue } of tables.values()) {
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
