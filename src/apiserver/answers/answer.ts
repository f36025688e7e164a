import type { Struct } from "@fairlead/api/schema";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import type { ServedVersion } from "../registry/served-version.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import type { SharedLines } from "../watch-cache/shared-lines.ts";
import type { EventWriter, ListMeta } from "./object-writer.ts";

/** What a request is answered, before it is written in the form that the client accepts. */
export type Answer = ObjectAnswer | ListAnswer | WatchAnswer | DocumentAnswer | ResponseAnswer;

/** One object, as a version of its resource shows it. */
export interface ObjectAnswer {
  readonly type: "object";
  readonly code: 200 | 201;
  readonly version: ServedVersion;
  readonly object: StoredObject;
}

/** Objects of one resource, as a version shows them. */
export interface ListAnswer {
  readonly type: "list";
  readonly version: ServedVersion;
  readonly items: readonly StoredObject[];
  readonly meta: ListMeta;
}

/** Changes of the objects of one resource, until either side ends the watch. */
export interface WatchAnswer {
  readonly type: "watch";
  readonly version: ServedVersion;
  /** Where watches of the resource share what they write. */
  readonly lines: SharedLines;
  /** Returns the changes as they are written, together where they come together. */
  write<Frame>(writer: EventWriter<Frame>): AsyncIterable<readonly Frame[]>;
  /** Aborted when the client has not read for so long that it gets no more. Default: never. */
  readonly cutOff?: AbortSignal;
}

/** What is no object of a resource: a Status, discovery. */
export interface DocumentAnswer {
  readonly type: "document";
  readonly code: number;
  readonly document: Document;
  /** Default: none of its own. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body that is passed on unchanged: a log, the answer of a backend. */
export interface ResponseAnswer {
  readonly type: "response";
  readonly response: ApiResponse;
}

/** A value with a declared struct. */
export interface Document {
  readonly schema: Struct;
  readonly value: { readonly kind: string; readonly apiVersion?: string };
}

/** Returns an object of a version as an answer. */
export function objectAnswer(code: 200 | 201, version: ServedVersion, object: StoredObject): ObjectAnswer {
  return { type: "object", code, version, object };
}

/** Returns an answer that is written already. */
export function responseAnswer(response: ApiResponse): ResponseAnswer {
  return { type: "response", response };
}
