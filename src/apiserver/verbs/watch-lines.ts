import type { Status } from "../../api/status-error.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "../watch-cache/event-window.ts";

/** What a watcher is told about an object. */
export type EventType = "ADDED" | "MODIFIED" | "DELETED";

const encoder = new TextEncoder();
const HEADS = {
  ADDED: encoder.encode('{"type":"ADDED","object":'),
  MODIFIED: encoder.encode('{"type":"MODIFIED","object":'),
  DELETED: encoder.encode('{"type":"DELETED","object":'),
} as const;
const TAIL = encoder.encode("}\n");

/** One line of a watch, in memory of its own: a part of Node's pool would keep 64 KiB for as long as the line is kept. */
export function eventLine(type: EventType, object: Uint8Array): Uint8Array {
  const head = HEADS[type];
  const line = new Uint8Array(head.byteLength + object.byteLength + TAIL.byteLength);
  line.set(head);
  line.set(object, head.byteLength);
  line.set(TAIL, head.byteLength + object.byteLength);
  return line;
}

/** One line of a watch whose object is text. */
export function textLine(type: "BOOKMARK" | "ERROR", object: string): Uint8Array {
  return encoder.encode(`{"type":"${type}","object":${object}}\n`);
}

/** The last line of a watch that cannot go on. */
export function errorLine(status: Status): Uint8Array {
  return textLine("ERROR", JSON.stringify(status));
}

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
