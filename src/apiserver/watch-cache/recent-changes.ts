import type { Store, StoreEvent } from "@fairlead/store/store";
import { CompactedError } from "@fairlead/store/store";

export interface RecentChangesRequest {
  readonly start: string;
  readonly end: string;
  /** The newest revision to read. */
  readonly revision: number;
  /** Reads at most this many revisions of the whole store, counted back from `revision`. */
  readonly revisionsMax: number;
  /** Keeps at most this much of objects, of the newest changes. */
  readonly bytesMax: number;
  readonly signal: AbortSignal;
}

/** Changes of a range, in order of revision. */
export interface RecentChanges {
  /** Every change after this revision, up to the requested one, is in {@link events}. */
  readonly floor: number;
  readonly events: readonly StoreEvent[];
}

/** Reads the newest changes that the store still has, less those that were compacted. */
export async function recentChanges(store: Store, request: RecentChangesRequest): Promise<RecentChanges> {
  const oldest = Math.max(request.revision - request.revisionsMax, 0);
  try {
    return await changesAfter(store, request, oldest);
  } catch (error) {
    if (!(error instanceof CompactedError)) throw error;
    return await changesAfter(store, request, Math.max(error.compactRevision, oldest));
  }
}

async function changesAfter(store: Store, request: RecentChangesRequest, oldest: number): Promise<RecentChanges> {
  const { start, end, revision, bytesMax, signal } = request;
  if (oldest >= revision) return { floor: revision, events: [] };
  let floor = oldest;
  let events: StoreEvent[] = [];
  let bytes = 0;
  for await (const batch of store.watch({ start, end, fromRevision: oldest + 1, progress: true, signal })) {
    const wanted = batch.events.filter((event) => revisionOf(event) <= revision);
    events.push(...wanted);
    bytes += wanted.reduce((sum, event) => sum + bytesOf(event), 0);
    let dropped = 0;
    for (; bytes > bytesMax && dropped < events.length; dropped++) {
      const event = events[dropped] as StoreEvent;
      bytes -= bytesOf(event);
      floor = revisionOf(event);
    }
    if (dropped > 0) events = events.slice(dropped);
    if (batch.revision >= revision) break;
  }
  return { floor, events };
}

/** What one change adds: the value from before it belongs to the change before. */
function bytesOf(event: StoreEvent): number {
  return event.type === "put" ? event.item.value.byteLength : 0;
}

function revisionOf(event: StoreEvent): number {
  return event.type === "put" ? event.item.modRevision : event.modRevision;
}
