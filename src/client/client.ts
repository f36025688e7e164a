import type { Int64 } from "@fairlead/api/int64";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";

/** What names one object. `namespace` is left out for kinds without one. */
export interface ObjectKey {
  readonly namespace?: string | undefined;
  readonly name: string;
}

export interface ListOptions {
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
  /** As upstream writes them: `app=quote,tier in (a,b),!canary`. */
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** With `match`, see the API page "Resource Versions". */
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: "NotOlderThan" | "Exact" | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  /** Objects with type and metadata alone. Default: whole ones. */
  readonly metadataOnly?: boolean | undefined;
  /** For watches: the server ends it after this long. Default: the server's choice. */
  readonly timeoutSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ObjectList<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Set when `limit` cut the list: give it back as `continue`. */
  readonly continue?: string;
}

export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  /** Only `metadata.resourceVersion` of the object is set. */
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

export type PatchType = "json" | "merge" | "strategic" | "apply";

export interface WriteOptions {
  /** `status`, `binding`, `token`, ... Default: the object itself. */
  readonly subresource?: string | undefined;
  readonly fieldManager?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** What the server does about unknown and duplicate fields. Default: the server's, `Warn`. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore" | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DeleteCallOptions {
  readonly gracePeriodSeconds?: Int64 | undefined;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground" | undefined;
  /** `["All"]`: everything is checked, nothing is deleted. Default: none. */
  readonly dryRun?: readonly string[] | undefined;
  /** Refused with Conflict when the stored object has another. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A typed client of one API server under one identity.
 *
 * Every method throws {@link StatusError} when the server refuses, and `ConnectionError` when it cannot be reached.
 * Nothing is retried: the caller knows whether it may.
 */
export interface Client {
  get<T extends KubeObject>(
    resource: ResourceReference<T>,
    key: ObjectKey,
    options?: { readonly signal?: AbortSignal },
  ): Promise<T>;
  list<T extends KubeObject>(resource: ResourceReference<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** Ends without an error when the server closes the watch; throws `Expired` when `resourceVersion` is too old. */
  watch<T extends KubeObject>(
    resource: ResourceReference<T>,
    options: ListOptions & { readonly resourceVersion: string },
  ): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject>(resource: ResourceReference<T>, object: Draft<T>, options?: WriteOptions): Promise<T>;
  /** Refused with Conflict when `metadata.resourceVersion` is not the stored one. */
  update<T extends KubeObject>(resource: ResourceReference<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(
    resource: ResourceReference<T>,
    key: ObjectKey,
    type: PatchType,
    patch: unknown,
    options?: WriteOptions & { readonly force?: boolean },
  ): Promise<T>;
  /** A missing object is a `NotFound` error. */
  delete<T extends KubeObject>(
    resource: ResourceReference<T>,
    key: ObjectKey,
    options?: DeleteCallOptions,
  ): Promise<void>;
  /** A request with a body and an answer of other kinds, for example `serviceaccounts/token`. `path` as in {@link ApiRequest}. */
  raw<A>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, signal?: AbortSignal): Promise<A>;
}
