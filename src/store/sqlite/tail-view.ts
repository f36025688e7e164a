import type { KeyValue, StoreEvent } from "../store.ts";

type Put = Extract<StoreEvent, { type: "put" }>;

/** The tail of the log (`tail.ts`) as readers see it: the newest changes that the database may not have yet. */
export interface TailView {
  /** Its newest revision; 0 when it is empty. */
  readonly newest: number;
  /** Adds changes that are durable. They follow those before. */
  add(events: readonly StoreEvent[]): void;
  /** Forgets what the database has: everything up to this revision. */
  forget(revision: number): void;
  /** The value at a revision of a key that has this one in the database. */
  valueAt(item: KeyValue, revision: number): KeyValue;
  /** The changes of keys from `start` to before `end`, with their revisions in from..to. */
  between(range: { readonly start: string; readonly end: string; readonly from: number; readonly to: number }): Put[];
}

export function createTailView(): TailView {
  let puts: Put[] = [];
  /** In the order of their revisions. */
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
