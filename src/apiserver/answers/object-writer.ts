import type { Status } from "@fairlead/api/status-error";
import type { StoredObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "../watch-cache/event-window.ts";

/** What a list says about itself. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** Type of a watch event. */
export type EventType = "ADDED" | "MODIFIED" | "DELETED";

/** Writes objects of one version of a resource in one representation. */
export interface ObjectWriter {
  readonly mediaType: string;
  /** Writes an answer of one object. */
  object(stored: StoredObject): Uint8Array;
  /** Writes a list, in pieces. Between two pieces other requests get their turn. */
  list(items: readonly StoredObject[], meta: ListMeta): AsyncIterable<Uint8Array>;
  /** Returns a writer for one watch. Not in YAML, in which no watch is negotiated. */
  events(): ByteEventWriter;
}

/** Writes the events of one watch. */
export interface EventWriter<Frame> {
  /** @param change - The change that the event is about. Absent for the objects that a watch begins with. */
  event(type: EventType, stored: StoredObject, change?: CacheEvent): Frame;
  /** Returns what another watch wrote for the change. */
  written?(type: EventType, change: CacheEvent): Frame | undefined;
  bookmark(resourceVersion: string, annotations: Readonly<Record<string, string>>): Frame;
  /** Writes the last event of a watch that cannot go on. */
  error(status: Status): Frame;
}

/** Writes events as bytes: each framed, so that a client finds its end. */
export interface ByteEventWriter extends EventWriter<Uint8Array> {
  readonly mediaType: string;
  /** Watches of a version whose writers have the same name here write a change alike, and share it. Absent: they do not. */
  readonly sharedAs?: string;
}

/** Returns the metadata of a bookmark. */
export function bookmarkMetadata(resourceVersion: string, annotations: Readonly<Record<string, string>>) {
  const hasAnnotations = Object.keys(annotations).length > 0;
  return { resourceVersion, creationTimestamp: null, ...(hasAnnotations && { annotations }) };
}
