import type { KubeObject } from "@fairlead/api/resource-reference";
import type { CacheKey } from "@fairlead/client/cache/cache";
import type { ObjectKey } from "@fairlead/client/client";

/** The key under which caches and queues know an object. */
export function keyOf({ metadata: { namespace, name } }: KubeObject): CacheKey {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** What a cache's key names. */
export function splitKey(key: CacheKey): ObjectKey {
  const slash = key.indexOf("/");
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
