import { encodeStored } from "@fairlead/api/codec/encode";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { ObjectKey } from "@fairlead/client/client";
import type { Store } from "@fairlead/store/store";
import { contended } from "../registry/create-object.ts";
import { objectKey } from "../registry/keys.ts";
import { notFound } from "../registry/refusals.ts";
import { storedObject } from "../registry/stored-object.ts";

/** Writers of one object that never gave up would starve the others. */
const ATTEMPTS = 64;
const encoder = new TextEncoder();

/** The change of the object. */
export type StoredChange<T> = { readonly object: T } | { readonly remove: true };

/** One change of one stored object. */
export interface StoredUpdate<T extends KubeObject> {
  readonly kind: Kind<T>;
  readonly key: ObjectKey;
  readonly dryRun: boolean;
  /** Decides what to write; called again when another write came between. Throws {@link StatusError} to refuse. */
  change(stored: T): StoredChange<T>;
}

/**
 * Changes an object in the store in a way that ordinary updates may not: past admission and validation.
 *
 * Returns the written object, or the last state of a removed one.
 */
export async function updateStored<T extends KubeObject>(store: Store, update: StoredUpdate<T>): Promise<T> {
  const { kind, change, dryRun } = update;
  const { namespace = "", name } = update.key;
  const key = objectKey(kind, namespace, name);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { item } = await store.get(key);
    if (item === undefined) throw notFound(kind, name);
    const { object } = storedObject(kind, item);
    const changed = change(object);
    const result = "object" in changed ? changed.object : object;
    if (dryRun) return result;
    const value = encoder.encode(encodeStored(kind, result));
    const { succeeded, revision } = await store.txn({
      compare: [{ key, modRevision: item.modRevision }],
      success: ["remove" in changed ? { type: "delete", key } : { type: "put", key, value }],
      forDeletion: object.metadata.deletionTimestamp !== undefined,
    });
    if (succeeded) return { ...result, metadata: { ...result.metadata, resourceVersion: String(revision) } };
  }
  throw contended();
}
