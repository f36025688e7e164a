import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { isInvalid, isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { adoptionPatch, type Claims, releasePatch } from "./claim.ts";

/** Who claims, and what. */
export interface Settlement<O extends KubeObject, T extends KubeObject> extends Omit<Claims<T>, "owned"> {
  readonly ownerKind: ResourceReference<O>;
  readonly owner: O;
  /** Of the objects that are claimed. */
  readonly kind: ResourceReference<T>;
  readonly signal: AbortSignal;
}

/** Adopts and releases. Returns the current objects; those that were deleted or recreated meanwhile are left out. */
export async function settleClaims<O extends KubeObject, T extends KubeObject>(
  client: Client,
  { ownerKind, owner, kind, adopted, released, signal }: Settlement<O, T>,
): Promise<readonly T[]> {
  // The API server itself is asked: an owner that is on its way out must not take what others may.
  const fresh = adopted.length > 0 ? await client.get(ownerKind, owner.metadata, { signal }) : owner;
  const mayAdopt = fresh.metadata.uid === owner.metadata.uid && fresh.metadata.deletionTimestamp === undefined;
  const patches = [
    ...released.map((object) => ({ object, patch: releasePatch(owner, object) })),
    ...(mayAdopt ? adopted : []).map((object) => ({ object, patch: adoptionPatch(owner, object) })),
  ];
  const written: T[] = [];
  for (const { object, patch } of patches) {
    const { namespace, name } = object.metadata;
    try {
      written.push(await client.patch(kind, { namespace, name }, "strategic", patch, { signal }));
    } catch (error) {
      // Its own watch event will update it.
      if (!isNotFound(error) && !isInvalid(error)) throw error;
    }
  }
  return written;
}
