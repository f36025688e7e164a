import { compareKeys } from "@fairlead/store/key-order";
import type { StoredObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "./event-window.ts";

/** Keys in `[start, end)`, in order: all, or the first `limit`. */
export interface KeyRange {
  readonly start: string;
  readonly end: string;
  readonly limit: number;
}

/**
 * Returns the objects of a range as they were before some changes.
 *
 * @param current - Returns the objects of a range as they are after them, at least as many as the limit says where there are.
 * @param changes - All changes since then, in order.
 */
export function objectsBefore(
  current: (range: KeyRange) => readonly StoredObject[],
  changes: readonly CacheEvent[],
  { start, end, limit }: KeyRange,
): readonly StoredObject[] {
  const changed = new Map<string, StoredObject | undefined>();
  for (const { before, deleted, after } of changes) {
    const key = (after ?? before)?.key ?? "";
    if (compareKeys(key, start) < 0 || compareKeys(key, end) >= 0) continue;
    // The first change of a key says what there was.
    if (!changed.has(key)) changed.set(key, deleted ?? before);
  }
  if (changed.size === 0) return current({ start, end, limit });
  // So many of the current ones may be new, that there are still enough without them.
  const unchanged = current({ start, end, limit: limit + changed.size }).filter(({ key }) => !changed.has(key));
  const replaced = [...changed.values()].filter((stored) => stored !== undefined);
  const objects = [...unchanged, ...replaced].sort((a, b) => compareKeys(a.key, b.key));
  return objects.slice(0, limit);
}
