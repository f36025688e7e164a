/** A map that forgets what was set longest ago once it is full. */
export interface Recent<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/** How much a {@link Recent} remembers in bytes. */
export interface ByteLimit<V> {
  readonly bytesMax: number;
  /** The key not counted. */
  bytesOf(value: V): number;
}

/**
 * @param sizeMax - Most keys that are remembered.
 * @param limit - Of keys, a byte a character, and values together. Default: none.
 */
export function createRecent<V>(sizeMax: number, limit?: ByteLimit<V>): Recent<V> {
  const values = new Map<string, V>();
  let bytes = 0;

  const weight = (key: string, value: V) => (limit === undefined ? 0 : key.length + limit.bytesOf(value));
  const forget = (key: string) => {
    const value = values.get(key);
    if (value === undefined) return;
    values.delete(key);
    bytes -= weight(key, value);
  };

  return {
    get: (key) => values.get(key),
    set(key, value) {
      // Set again, it goes to the end of the map's order.
      forget(key);
      values.set(key, value);
      bytes += weight(key, value);
      while (values.size > sizeMax || bytes > (limit?.bytesMax ?? 0)) {
        const [oldest] = values.keys();
        if (oldest === undefined) return;
        forget(oldest);
      }
    },
  };
}
