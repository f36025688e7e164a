import type { Kind } from "@fairlead/api/kind";
import type { KeyValue, StoreEvent } from "@fairlead/store/store";
import type { StoredObject } from "../registry/stored-object.ts";
import { atRevision, storedObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "./event-window.ts";

/**
 * Turns changes of the store into events of a watch cache. Each version of an object is one value, shared by the event that
 * ends with it, the event that begins with it and, if it is the current one, the cache.
 *
 * @param changes - In the order of revisions.
 * @param current - The object of a key in the cache.
 */
export function pastEvents(
  kind: Kind,
  changes: readonly StoreEvent[],
  current: (key: string) => StoredObject | undefined,
): readonly CacheEvent[] {
  const newest = new Map<string, StoredObject>();
  const versionOf = (item: KeyValue): StoredObject => {
    const { key, modRevision } = item;
    const known = [newest.get(key), current(key)].find((stored) => stored?.revision === modRevision);
    return known ?? storedObject(kind, item);
  };
  return changes.map((change): CacheEvent => {
    const before = change.previous === undefined ? undefined : versionOf(change.previous);
    if (change.type === "put") {
      const after = versionOf(change.item);
      newest.set(after.key, after);
      return { revision: after.revision, before, after };
    }
    const { modRevision: revision } = change;
    return { revision, before: before && atRevision(kind, before, revision), deleted: before, after: undefined };
  });
}
