import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { ObjectList, WatchEvent } from "../client.ts";

/** One request of a client, before it is written for its way to the server. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Percent-encoded path and query. */
  readonly path: string;
  /** A value of JSON. Not changed, and not kept. */
  readonly body?: unknown;
  /** Default: `application/json`. */
  readonly contentType?: string;
  /** Only names and metadata of objects are asked for. Default: whole objects. */
  readonly metadataOnly?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Carries the calls of one client to an API server, and brings its answers as values.
 *
 * Every method rejects as {@link Client} says: with a {@link StatusError} for a refusal, with a `ConnectionError` when the
 * server cannot be reached, with the signal's reason when it is aborted.
 */
export interface Exchange {
  /** Resolves with an object, a Status or what else the path answers. */
  answer(call: Call): Promise<unknown>;
  /** Resolves with whole objects, which name their type. */
  list<T extends KubeObject>(resource: ResourceReference<T>, call: Call): Promise<ObjectList<T>>;
  watch<T extends KubeObject>(
    resource: ResourceReference<T>,
    call: Call & { readonly signal: AbortSignal },
  ): AsyncIterable<WatchEvent<T>>;
}
