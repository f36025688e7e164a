import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Client } from "../client.ts";
import type { Cache, Indexes } from "./cache.ts";
import { startCache } from "./start-cache.ts";

/** What a reader of a cache needs. */
export interface OpenOptions<T extends KubeObject> {
  /** Ways to find objects, for {@link Cache.byIndex}. Default: none. */
  readonly indexes?: Indexes<T>;
  /** Whether type and metadata are enough. The cache may have more. Default: whole objects. */
  readonly metadataOnly?: boolean;
}

/** Where a part of a program gets caches of all objects of a resource from. */
export interface CacheSource {
  /** Opens a cache under the reader's identity. Stopping it ends this use of it. */
  open<T extends KubeObject>(resource: ResourceReference<T>, options?: OpenOptions<T>): Cache<T>;
}

/** Caches that are not shared: each is kept by requests of `client`. */
export function ownCaches(
  client: Client,
  { log, clock }: { readonly log: Logger; readonly clock: Clock },
): CacheSource {
  return { open: (resource, options) => startCache(client, resource, { ...options, log, clock }) };
}
