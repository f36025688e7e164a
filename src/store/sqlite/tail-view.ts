import type { KeyValue, StoreEvent } from "../store.ts";

type Put = Extract<StoreEvent, { type: "put" }>;

/** The reading thread's copy of the tail (`tail.ts`): the newest changes, which the database may not have yet. */
export interface TailView {
  /** The newest revision in the tail; 0 if it is empty. */
  readonly newest: number;
  /** Adds durable changes, in order of revision. */
  add(events: readonly StoreEvent[]): void;
  /** Removes changes up to this revision: the database has them. */
  forget(revision: number): void;
  /** Returns the value that a key has at a revision, given its value in the database. */
  valueAt(item: KeyValue, revision: number): KeyValue;
  /** Returns the changes of keys in [start, end) with revisions in [from, to]. */
  between(range: { readonly start: string; readonly end: string; readonly from: number; readonly to: number }): Put[];
}

export function createTailView(): TailView {
  let puts: Put[] = [];
  /** By key, in order of revision. */
  const valuesOf = new Map<string, KeyValue[]>();

  function addValue(item: KeyValue): void {
    const values = valuesOf.get(item.key);
    if (values === undefined) valuesOf.set(item.key, [item]);
    else values.push(item);
  }

  return {
    get newest() {
      return puts.at(-1)?.item.modRevision ?? 0;
    },
    add(events) {
      for (const event of events) {
        if (event.type === "delete") throw new Error(`The tail was given a deletion of ${JSON.stringify(event.key)}`);
        puts.push(event);
        addValue(event.item);
      }
    },
    forget(revision) {
      if ((puts[0]?.item.modRevision ?? Number.POSITIVE_INFINITY) > revision) return;
      puts = puts.filter(({ item }) => item.modRevision > revision);
      valuesOf.clear();
      for (const { item } of puts) addValue(item);
    },
    valueAt: (item, revision) => valuesOf.get(item.key)?.findLast(({ modRevision }) => modRevision <= revision) ?? item,
    between: ({ start, end, from, to }) =>
      puts.filter(
        ({ item: { key, modRevision } }) => modRevision >= from && modRevision <= to && key >= start && key < end,
      ),
  };
}
