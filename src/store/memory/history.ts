import { compareKeys } from "../key-order.ts";
import type { SortedKeys } from "../sorted-keys.ts";
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
  range(request: {
    readonly start: string;
    readonly end: string;
    readonly limit: number;
    readonly revision: number;
    readonly counts: boolean;
  }): { items: KeyValue[]; count: number | undefined };
  /** Writes all at one new revision. Without a change (a key to delete was not there) there is no new revision. */
  apply(operations: readonly WriteOperation[]): readonly StoreEvent[];
  readonly changes: ReadHistory;
  compact(revision: number): void;
}

interface State {
  readonly versions: Map<string, Version[]>;
  /** Keys that have a value now. */
  readonly live: SortedKeys;
  /** Keys that had a value at any revision that can be read. */
  readonly known: SortedKeys;
  batches: WatchBatch[];
  revision: number;
  compactRevision: number;
}

/** An empty history at revision 1. */
export function createHistory(): History {
  const state: State = {
    versions: new Map(),
    live: createSortedKeys(),
    known: createSortedKeys(),
    batches: [],
    revision: 1,
    compactRevision: 0,
  };
  return {
    get revision() {
      return state.revision;
    },
    get compactRevision() {
      return state.compactRevision;
    },
    now: (key) => valueNow(state, key),
    at: (key, revision) => valueAt(state, key, revision),
    range: (request) => range(state, request),
    apply: (operations) => apply(state, operations),
    changes: (request) => changes(state, request),
    compact: (revision) => compact(state, revision),
  };
}

function valueNow({ versions }: State, key: string): KeyValue | undefined {
  return versions.get(key)?.at(-1)?.item;
}

function valueAt({ versions }: State, key: string, revision: number): KeyValue | undefined {
  return versions.get(key)?.findLast((version) => version.revision <= revision)?.item;
}

function range(state: State, { start, end, limit, revision, counts }: Parameters<History["range"]>[0]) {
  const items: KeyValue[] = [];
  let count = 0;
  const isNow = revision === state.revision;
  for (const key of (isNow ? state.live : state.known).range(start, end)) {
    if (!counts && items.length >= limit) return { items, count: undefined };
    if (isNow && items.length >= limit) return { items, count: state.live.count(start, end) };
    const item = valueAt(state, key, revision);
    if (item === undefined) continue;
    count += 1;
    if (items.length < limit) items.push(item);
  }
  return { items, count };
}

function apply(state: State, operations: readonly WriteOperation[]): readonly StoreEvent[] {
  const events = operations.flatMap((operation) => eventsOf(state, operation));
  if (events.length === 0) return events;
  state.revision += 1;
  for (const event of events) record(state, event);
  state.batches.push({ revision: state.revision, events });
  return events;
}

function eventsOf(state: State, operation: WriteOperation): StoreEvent[] {
  const { key } = operation;
  const modRevision = state.revision + 1;
  const previous = valueNow(state, key);
  if (operation.type === "put") {
    const { value } = operation;
    const createRevision = previous?.createRevision ?? modRevision;
    const version = (previous?.version ?? 0) + 1;
    return [{ type: "put", item: { key, value, createRevision, modRevision, version }, previous }];
  }
  return previous === undefined ? [] : [{ type: "delete", key, modRevision, previous }];
}

function record({ versions, live, known, revision }: State, event: StoreEvent): void {
  const item = event.type === "put" ? event.item : undefined;
  const key = keyOf(event);
  const all = versions.get(key);
  if (all === undefined) versions.set(key, [{ revision, item }]);
  else all.push({ revision, item });
  known.add(key);
  if (item === undefined) live.delete(key);
  else live.add(key);
}

function* changes(state: State, { start, end, from, to }: Parameters<ReadHistory>[0]): Iterable<WatchBatch> {
  if (from < state.compactRevision) throw new CompactedError(state.compactRevision);
  const first = state.batches.findIndex((batch) => batch.revision >= from);
  if (first < 0) return;
  for (const { revision, events } of state.batches.slice(first)) {
    if (revision > to) return;
    const wanted = events.filter(
      (event) => compareKeys(keyOf(event), start) >= 0 && compareKeys(keyOf(event), end) < 0,
    );
    if (wanted.length > 0) yield { revision, events: wanted };
  }
}

/** A version that ended at `revision` stays: it is what the change at that revision changed. */
function compact(state: State, revision: number): void {
  if (revision <= state.compactRevision) return;
  state.compactRevision = revision;
  state.batches = state.batches.filter((batch) => batch.revision >= revision);
  for (const [key, all] of state.versions) {
    const kept = all.filter((version, i) => endOf(version, all[i + 1]) >= revision);
    if (kept.length > 0) state.versions.set(key, kept);
    else {
      state.versions.delete(key);
      state.known.delete(key);
    }
  }
}

/** The revision at which a version was no longer the newest; a deletion ends at once. */
function endOf({ revision, item }: Version, next: Version | undefined): number {
  return next?.revision ?? (item === undefined ? revision : Number.POSITIVE_INFINITY);
}

function keyOf(event: StoreEvent): string {
  return event.type === "put" ? event.item.key : event.key;
}
