/** A queue: what came first is taken first. */
export interface Fifo<T> {
  readonly length: number;
  push(item: T): void;
  /** The item behind `index` others; `undefined` when there are fewer. */
  at(index: number): T | undefined;
  /** Takes the first item; `undefined` when there is none. */
  shift(): T | undefined;
  clear(): void;
}

/**
 * An empty queue, whose operations take the same time however long it is. The first entry of a map would not: a map keeps the
 * places of entries that were deleted, and passes over all of them.
 */
export function createFifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  return {
    get length() {
      return items.length - head;
    },
    push(item) {
      items.push(item);
    },
    at: (index) => (index < 0 ? undefined : items[head + index]),
    shift() {
      if (head === items.length) return undefined;
      const item = items[head];
      items[head++] = undefined;
      if (head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    clear() {
      items = [];
      head = 0;
    },
  };
}
