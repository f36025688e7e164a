import type { KubeObject } from "../api/resource-reference.ts";
import type { CacheKey } from "../client/cache/cache.ts";
import type { ObjectKey } from "../client/client.ts";

/** The key under which caches and queues know an object. */
export function keyOf({ metadata: { namespace, name } }: KubeObject): CacheKey {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** What a cache's key names. */
export function splitKey(key: CacheKey): ObjectKey {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
