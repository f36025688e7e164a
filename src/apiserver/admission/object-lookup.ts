import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client, ObjectKey } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";

/** Finds the objects of one kind that decisions depend on. */
export interface ObjectLookup<T extends KubeObject> {
  /** What was there a moment ago. */
  cached(key: ObjectKey): T | undefined;
  /** The objects that exist now. */
  live(key: ObjectKey): Promise<T | undefined>;
  /** The cached object, or a live one when there is none: objects may be used as soon as they were made. */
  find(key: ObjectKey): Promise<T | undefined>;
}

/** Looks into `cache`, and asks `client` where that is not enough. */
export function objectLookup<T extends KubeObject>(
  client: Pick<Client, "get">,
  kind: Kind<T>,
  cache: Pick<Cache<T>, "get">,
): ObjectLookup<T> {
  const cached = ({ namespace, name }: ObjectKey) => cache.get(namespace === undefined ? name : `${namespace}/${name}`);
  const live = (key: ObjectKey) => getIfThere(client, kind, key);
  return { cached, live, find: async (key) => cached(key) ?? (await live(key)) };
}
