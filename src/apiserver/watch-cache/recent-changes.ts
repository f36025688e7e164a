import type { Store, StoreEvent } from "../../store/store.ts";
import { CompactedError } from "../../store/store.ts";

export interface RecentChangesRequest {
  readonly start: string;
  readonly end: string;
  /** The newest revision to read. */
  readonly revision: number;
  /** Reads at most this many revisions of the whole store, counted back from `revision`. */
  readonly revisionsMax: number;
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

async function changesAfter(store: Store, request: RecentChangesRequest, floor: number): Promise<RecentChanges> {
  const { start, end, revision, signal } = request;
  const events: StoreEvent[] = [];
  if (floor >= revision) return { floor: revision, events };
  for await (const batch of store.watch({ start, end, fromRevision: floor + 1, progress: true, signal })) {
    events.push(...batch.events.filter((event) => revisionOf(event) <= revision));
    if (batch.revision >= revision) break;
  }
  return { floor, events };
}

function revisionOf(event: StoreEvent): number {
  return event.type === "put" ? event.item.modRevision : event.modRevision;
}
