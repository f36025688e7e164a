/** A map that forgets what was set longest ago once it is full. Setting and forgetting take the same time however full it is. */
export interface Recent<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  /** How many keys it remembers. */
  readonly size: number;
}

/** How much a {@link Recent} remembers in bytes. */
export interface ByteLimit<V> {
  readonly bytesMax: number;
  /** The key not counted. */
  bytesOf(value: V): number;
}

/** An entry between the one that was set before it and the one that was set after it. */
interface Entry<V> {
  readonly key: string;
  readonly value: V;
  readonly bytes: number;
  older: Entry<V> | undefined;
  newer: Entry<V> | undefined;
}

/**
 * @param sizeMax - Most keys that are remembered.
 * @param limit - Of keys, a byte a character, and values together. Default: none.
 */
export function createRecent<V>(sizeMax: number, limit?: ByteLimit<V>): Recent<V> {
  const entries = new Map<string, Entry<V>>();
  let oldest: Entry<V> | undefined;
  let newest: Entry<V> | undefined;
  let bytes = 0;

  // The order is a list of its own: a map passes over the places of all entries that were deleted to find its first one.
  const forget = (entry: Entry<V>) => {
    const { key, older, newer } = entry;
    entries.delete(key);
    bytes -= entry.bytes;
    if (older === undefined) oldest = newer;
    else older.newer = newer;
    if (newer === undefined) newest = older;
    else newer.older = older;
  };
  const remember = (entry: Entry<V>) => {
    entries.set(entry.key, entry);
    bytes += entry.bytes;
    if (newest === undefined) oldest = entry;
    else newest.newer = entry;
    newest = entry;
  };

  return {
    get: (key) => entries.get(key)?.value,
    get size() {
      return entries.size;
    },
    delete(key) {
      const entry = entries.get(key);
      if (entry !== undefined) forget(entry);
    },
    set(key, value) {
      const previous = entries.get(key);
      if (previous !== undefined) forget(previous);
      const size = limit === undefined ? 0 : key.length + limit.bytesOf(value);
      remember({ key, value, bytes: size, older: newest, newer: undefined });
      while (oldest !== undefined && (entries.size > sizeMax || bytes > (limit?.bytesMax ?? 0))) forget(oldest);
    },
  };
}
