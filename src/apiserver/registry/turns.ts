/** Lets writers of one object work one after another. */
export interface Turns {
  /** Whether a writer of the object with this key works or waits. */
  isTaken(key: string): boolean;
  /** Starts `work` when all earlier work for the key has settled. Settles as the work does. */
  take<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Keys are forgotten with their last work. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    isTaken: (key) => last.has(key),
    take(key, work) {
      const before = last.get(key);
      // Failures are those of the earlier writer.
      const result = before === undefined ? work() : before.then(work, work);
      const settled = result.then(
        () => {},
        () => {},
      );
      last.set(key, settled);
      void settled.then(() => {
        if (last.get(key) === settled) last.delete(key);
      });
      return result;
    },
  };
}
