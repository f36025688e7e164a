import type { EventType } from "../answers/object-writer.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "../watch-cache/event-window.ts";

/**
 * What a change is to a watcher with a selector: an object that starts to match is added, one that stops is deleted.
 * `undefined`: it is none of this watcher's business.
 */
export function eventTypeOf(
  { before, after }: Pick<CacheEvent, "before" | "after">,
  matches: (stored: StoredObject) => boolean,
): EventType | undefined {
  const did = before !== undefined && matches(before);
  const does = after !== undefined && matches(after);
  if (did && does) return "MODIFIED";
  if (does) return "ADDED";
  return did ? "DELETED" : undefined;
}
