import { compareKeys } from "../key-order.ts";
import { createSortedKeys } from "../sorted-keys.ts";
import type { KeyValue, StoreEvent, WatchBatch, WriteOperation } from "../store.ts";
import { CompactedError } from "../store.ts";
import type { ReadHistory } from "../watch-hub.ts";

/** What a key was from one revision to the next: a value, or nothing after its deletion. */
interface Version {
  readonly revision: number;
  readonly item: KeyValue | undefined;
}

/** Every key at every revision since the last compaction. Not a store yet: no promises, no watchers, no time. */
export interface History {
  readonly revision: number;
  /** The oldest revision that can be read. */
  readonly compactRevision: number;
  now(key: string): KeyValue | undefined;
  at(key: string, revision: number): KeyValue | undefined;
  range(request: { readonly start: string; readonly end: string; readonly limit: number; readonly revision: number }): {
    items: KeyValue[];
    count: number;
  };
  /** Writes all at one new revision. Without a change (a key to delete was not there) there is no new revision. */
  apply(operations: readonly WriteOperation[]): readonly StoreEvent[];
  readonly changes: ReadHistory;
  compact(revision: number): void;
}

/** An empty history at revision 1. */
export function createHistory(): History {
  const versions = new Map<string, Version[]>();
  const live = createSortedKeys();
  const known = createSortedKeys();
  let batches: WatchBatch[] = [];
  let revision = 1;
  let compactRevision = 0;

  const now = (key: string) => versions.get(key)?.at(-1)?.item;
  const at = (key: string, wanted: number) => versions.get(key)?.findLast((v) => v.revision <= wanted)?.item;

  function record(key: string, version: Version): void {
    const all = versions.get(key);
    if (all === undefined) versions.set(key, [version]);
    else all.push(version);
    known.add(key);
    if (version.item === undefined) live.delete(key);
    else live.add(key);
  }

  function eventOf(operation: WriteOperation, modRevision: number): StoreEvent[] {
    const { key } = operation;
    const previous = now(key);
    if (operation.type === "put") {
      const item = {
        key,
        value: operation.value,
        createRevision: previous?.createRevision ?? modRevision,
        modRevision,
        version: (previous?.version ?? 0) + 1,
      };
      return [{ type: "put", item, previous }];
    }
    return previous === undefined ? [] : [{ type: "delete", key, modRevision, previous }];
  }

  return {
    get revision() {
      return revision;
    },
    get compactRevision() {
      return compactRevision;
    },
    now,
    at,

    range({ start, end, limit, revision: wanted }) {
      const items: KeyValue[] = [];
      let count = 0;
      const isNow = wanted === revision;
      for (const key of (isNow ? live : known).range(start, end)) {
        if (isNow && items.length >= limit) return { items, count: live.count(start, end) };
        const item = at(key, wanted);
        if (item === undefined) continue;
        count += 1;
        if (items.length < limit) items.push(item);
      }
      return { items, count };
    },

    apply(operations) {
      const events = operations.flatMap((operation) => eventOf(operation, revision + 1));
      if (events.length === 0) return events;
      revision += 1;
      for (const event of events) {
        if (event.type === "put") record(event.item.key, { revision, item: event.item });
        else record(event.key, { revision, item: undefined });
      }
      batches.push({ revision, events });
      return events;
    },

    *changes({ start, end, from, to }) {
      if (from < compactRevision) throw new CompactedError(compactRevision);
      const first = batches.findIndex((batch) => batch.revision >= from);
      if (first < 0) return;
      for (const batch of batches.slice(first)) {
        if (batch.revision > to) return;
        const events = batch.events.filter((event) => {
          const key = event.type === "put" ? event.item.key : event.key;
          return compareKeys(key, start) >= 0 && compareKeys(key, end) < 0;
        });
        if (events.length > 0) yield { revision: batch.revision, events };
      }
    },

    compact(wanted) {
      if (wanted <= compactRevision) return;
      compactRevision = wanted;
      batches = batches.filter((batch) => batch.revision >= wanted);
      for (const [key, all] of versions) {
        const kept = all.filter(
          (v, i) => (all[i + 1]?.revision ?? (v.item && Number.POSITIVE_INFINITY) ?? v.revision) >= wanted,
        );
        if (kept.length > 0) versions.set(key, kept);
        else {
          versions.delete(key);
          known.delete(key);
        }
      }
    },
  };
}
