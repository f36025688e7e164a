import { encodeStored } from "@fairlead/api/codec/encode";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { ObjectKey } from "@fairlead/client/client";
import type { Store } from "@fairlead/store/store";
import { objectKey } from "../registry/keys.ts";
import { notFound } from "../registry/refusals.ts";
import { storedObject } from "../registry/stored-object.ts";
import type { Turns } from "../registry/turns.ts";
import { writeInTurn } from "../registry/write-in-turn.ts";

const encoder = new TextEncoder();

/** The change of the object. */
export type StoredChange<T> = { readonly object: T } | { readonly remove: true };

/** Where objects are stored, and the turns of their writers. */
export interface StoredUpdateEnvironment {
  readonly store: Store;
  readonly turns: Turns;
}

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
export async function updateStored<T extends KubeObject>(
  { store, turns }: StoredUpdateEnvironment,
  update: StoredUpdate<T>,
): Promise<T> {
  const { kind, change, dryRun } = update;
  const { namespace = "", name } = update.key;
  const key = objectKey(kind, namespace, name);
  return writeInTurn(turns, key, async () => {
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
    return succeeded ? { ...result, metadata: { ...result.metadata, resourceVersion: String(revision) } } : undefined;
  });
}
