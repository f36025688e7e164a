/** Items that wait, each with a size and a user. Users take turns, so that one with many items delays the others little. */
export interface FairQueue<T> {
  /**
   * Adds an item behind those of the same user.
   *
   * @returns the removal of the item, which does nothing once it was taken; `undefined` when there is no room for it.
   */
  add(item: T, user: string, bytes: number): (() => void) | undefined;
  /** Takes the oldest item of the next user. Returns `undefined` when the queue is empty. */
  take(): T | undefined;
}

/** How much may wait, in bytes: of all users together, and of each. */
export interface QueueLimits {
  readonly bytesMax: number;
  readonly userBytesMax: number;
}

interface Waiting<T> {
  readonly item: T;
  readonly bytes: number;
}

interface Line<T> {
  readonly items: Set<Waiting<T>>;
  bytes: number;
}

/** An empty queue. */
export function createFairQueue<T>({ bytesMax, userBytesMax }: QueueLimits): FairQueue<T> {
  /** Users with waiting items, in the order of their turns. */
  const turns = new Map<string, Line<T>>();
  let allBytes = 0;

  const remove = (user: string, waiting: Waiting<T>) => {
    const line = turns.get(user);
    if (line?.items.delete(waiting) !== true) return;
    line.bytes -= waiting.bytes;
    allBytes -= waiting.bytes;
    if (line.items.size === 0) turns.delete(user);
  };

  return {
    add(item, user, bytes) {
      const line = turns.get(user) ?? { items: new Set(), bytes: 0 };
      if (allBytes + bytes > bytesMax || line.bytes + bytes > userBytesMax) return undefined;
      const waiting = { item, bytes };
      line.items.add(waiting);
      line.bytes += bytes;
      allBytes += bytes;
      turns.set(user, line);
      return () => remove(user, waiting);
    },

    take() {
      const [turn] = turns;
      if (turn === undefined) return undefined;
      const [user, line] = turn;
      const [waiting] = line.items;
      if (waiting === undefined) throw new Error("A user without waiting items has a turn");
      remove(user, waiting);
      if (turns.delete(user)) turns.set(user, line);
      return waiting.item;
    },
  };
}
