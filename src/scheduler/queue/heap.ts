/** A priority queue: its first item is found in constant time. */
export interface Heap<T> {
  push(item: T): void;
  peek(): T | undefined;
  pop(): T | undefined;
}

/** An empty binary heap. `before` says whether `a` comes before `b`; what is equal comes in any order. */
export function heap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];

  /** Whether the item at `i` has to change places with the one at `j`. */
  function comesBefore(i: number, j: number): boolean {
    const a = items[i];
    const b = items[j];
    return a !== undefined && b !== undefined && before(a, b);
  }

  function swap(i: number, j: number): void {
    [items[i], items[j]] = [items[j] as T, items[i] as T]; // Both are there: callers have compared them.
  }

  function up(from: number): void {
    for (let i = from, parent = (i - 1) >> 1; i > 0 && comesBefore(i, parent); i = parent, parent = (i - 1) >> 1) {
      swap(i, parent);
    }
  }

  function down(): void {
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      const child = comesBefore(left + 1, left) ? left + 1 : left;
      if (!comesBefore(child, i)) return;
      swap(child, i);
      i = child;
    }
  }

  return {
    push(item) {
      items.push(item);
      up(items.length - 1);
    },
    peek: () => items[0],
    pop() {
      const first = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) {
        items[0] = last;
        down();
      }
      return first;
    },
  };
}
