import { firstRow } from "./schema.ts";
import type { LiveRow, Tail, TailRow } from "./tail.ts";
import { eventOfRow } from "./tail.ts";
import type { WriteRequest, WriteResult } from "./writer.ts";

/** Larger values are not for the tail, which is kept in memory. */
const VALUE_BYTES_MAX = 16 * 1024;

/** What a request finds. */
export interface Present {
  readonly revision: number;
  live(key: string): LiveRow | undefined;
}

/** Carries the requests out in the tail, if all of them are for it and it has room. Otherwise, nothing has happened. */
export function commitToTail(
  requests: readonly WriteRequest[],
  { tail, ...present }: Present & { readonly tail: Tail },
): readonly WriteResult[] | undefined {
  if (!tail.hasRoomFor(requests.length)) return undefined;
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
    // On a full disk. The database has its own ways to find room, and to say that there is none.
    return undefined;
  }
  return results;
}

/** The result of a request whose conditions do not hold; undefined when they do. */
export function missedBy({ compare, failure }: WriteRequest, { revision, live }: Present): WriteResult | undefined {
  if (compare.every(({ key, modRevision }) => (live(key)?.item.modRevision ?? 0) === modRevision)) return undefined;
  return { succeeded: false, revision, read: failure.map((key) => live(key)?.item), events: [] };
}

/** The row of a request that is for the tail: it has time, and gives one key that exists another small value. */
function rowOf({ success, mayWait }: WriteRequest, { revision, live }: Present): TailRow | undefined {
  const [row, ...others] = success;
  if (mayWait !== true || row?.value === undefined || row.expiresMs !== undefined || others.length > 0)
    return undefined;
  const { key, value } = row;
  const replaced = live(key);
  if (replaced === undefined || Math.max(value.length, replaced.item.value.length) > VALUE_BYTES_MAX) return undefined;
  const { createRevision, version } = replaced.item;
  const item = { key, value, createRevision, modRevision: revision + 1, version: version + 1 };
  return { id: firstRow(revision + 1), item, replaced };
}
