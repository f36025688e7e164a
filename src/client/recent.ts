/** A map that forgets what was set longest ago once it is full. */
export interface Recent<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/** @param sizeMax - Most keys that are remembered. */
export function createRecent<V>(sizeMax: number): Recent<V> {
  const values = new Map<string, V>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      // Set again, it goes to the end of the map's order.
      values.delete(key);
      values.set(key, value);
      if (values.size <= sizeMax) return;
      const [oldest] = values.keys();
      if (oldest !== undefined) values.delete(oldest);
    },
  };
}
