import type { Store } from "@fairlead/store/store";
import type { Resource } from "./resource.ts";
import { type StoredObject, storedObject } from "./stored-object.ts";

/**
 * Reads the newest state of an object: from the resource's watch cache where it has come as far as the store, which needs no
 * transaction and may have the object parsed; else from the store.
 *
 * @returns `undefined` for a key that is not there.
 */
export async function readCurrent(
  store: Pick<Store, "get" | "revision">,
  { kind, cache }: Pick<Resource, "kind" | "cache">,
  key: string,
): Promise<StoredObject | undefined> {
  const { current } = cache;
  if (current !== undefined && current.revision >= (await store.revision())) return current.get(key);
  const { item } = await store.get(key);
  return item && storedObject(kind, item);
}
