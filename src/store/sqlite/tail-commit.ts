import { firstRow } from "./schema.ts";
import type { LiveRow, Tail, TailRow } from "./tail.ts";
import { eventOfRow } from "./tail.ts";
import type { WriteRequest, WriteResult } from "./writer.ts";

/** Size limit of a value in the tail, in bytes: the tail is held in memory. */
const VALUE_BYTES_MAX = 16 * 1024;

/** The state that a request is applied to. */
export interface Present {
  readonly revision: number;
  live(key: string): LiveRow | undefined;
}

/** Commits requests to the tail. Returns undefined, with nothing done, if one does not qualify or the tail has no room. */
export function commitToTail(
  requests: readonly WriteRequest[],
  { tail, ...present }: Present & { readonly tail: Tail },
): readonly WriteResult[] | undefined {
  if (!tail.hasRoomFor(requests.length) || !requests.every(({ mayWait }) => mayWait === true)) return undefined;
  const added: TailRow[] = [];
  const results: WriteResult[] = [];
  for (const request of requests) {
    const now: Present = {
      revision: present.revision + added.length,
      live: (key) => added.findLast(({ item }) => item.key === key) ?? present.live(key),
    };
    const missed = missedBy(request, now);
    if (missed !== undefined) {
      results.push(missed);
      continue;
    }
    const row = rowOf(request, now);
    if (row === undefined) return undefined;
    added.push(row);
    results.push({ succeeded: true, revision: now.revision + 1, read: [], events: [eventOfRow(row)], inTail: true });
  }
  try {
    if (added.length > 0) tail.append(added);
  } catch {
    // The disk may be full: the commit to the database that follows handles that.
    return undefined;
  }
  return results;
}

/** Returns the result of a request whose conditions do not hold; undefined if they hold. */
export function missedBy({ compare, failure }: WriteRequest, { revision, live }: Present): WriteResult | undefined {
  if (compare.every(({ key, modRevision }) => (live(key)?.item.modRevision ?? 0) === modRevision)) return undefined;
  return { succeeded: false, revision, read: failure.map((key) => live(key)?.item), events: [] };
}

/** Returns the row of a request that qualifies: it only replaces the value of one key by another small one. */
function rowOf({ success }: WriteRequest, { revision, live }: Present): TailRow | undefined {
  const [row, ...others] = success;
  if (row?.value === undefined || row.expiresMs !== undefined || others.length > 0) return undefined;
  const { key, value } = row;
  const replaced = live(key);
  if (replaced === undefined || Math.max(value.length, replaced.item.value.length) > VALUE_BYTES_MAX) return undefined;
  const { createRevision, version } = replaced.item;
  const item = { key, value, createRevision, modRevision: revision + 1, version: version + 1 };
  return { id: firstRow(revision + 1), item, replaced };
}
