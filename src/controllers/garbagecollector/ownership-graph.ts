import type { ObjectMeta } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { CacheChange } from "@fairlead/client/cache/cache";
import { createRecent } from "@fairlead/lib/recent";
import type { DiscoveredResource } from "../discovered-resource.ts";

/** An object as the garbage collector sees it. */
export interface OwnedObject {
  readonly resource: DiscoveredResource;
  readonly metadata: ObjectMeta;
}

/** Who owns whom, by uid, over all kinds. */
export interface OwnershipGraph {
  get(uid: string): OwnedObject | undefined;
  /** The objects that name this one as an owner. */
  dependentsOf(uid: string): readonly OwnedObject[];
  /** Takes a change in; answers the uids of the objects that need a look because of it. */
  apply(resource: DiscoveredResource, change: CacheChange<KubeObject>): readonly string[];
  /** Takes out an object whose resource is not served any more: it may still be stored. Answers as {@link apply}. */
  forget(object: OwnedObject): readonly string[];
  /** Whether an object of this uid was deleted while it had dependents. Only the last 500 are remembered. */
  wasDeleted(uid: string): boolean;
}

/** On an object on its way out: its dependents are to be let go. */
export const ORPHAN = "orphan";
/** On an object on its way out: its dependents go first. */
export const FOREGROUND = "foregroundDeletion";

/** Deleted owners that are remembered: upstream's figure. */
const DELETED_MAX = 500;

/** A graph without objects. */
export function ownershipGraph(): OwnershipGraph {
  const objects = new Map<string, OwnedObject>();
  const dependents = new Map<string, Set<string>>();
  /** Owners that were deleted while they had dependents. */
  const deleted = createRecent<true>(DELETED_MAX);

  function noteDeletion(uid: string): void {
    if (dependents.has(uid)) deleted.set(uid, true);
  }

  function link(metadata: ObjectMeta | undefined, change: "add" | "delete"): void {
    for (const { uid } of metadata?.ownerReferences ?? []) {
      const uids = dependents.get(uid) ?? new Set<string>();
      uids[change](metadata?.uid ?? "");
      if (uids.size === 0) dependents.delete(uid);
      else dependents.set(uid, uids);
    }
  }

  function replace(
    resource: DiscoveredResource,
    before: ObjectMeta | undefined,
    after: ObjectMeta | undefined,
  ): string[] {
    link(before, "delete");
    link(after, "add");
    if (before !== undefined && before.uid !== after?.uid) objects.delete(before.uid);
    if (after !== undefined) objects.set(after.uid, { resource, metadata: after });
    if (before !== undefined && after !== undefined && textOf(before) === textOf(after)) return [];

    const owners = [before, after].flatMap((metadata) => (metadata?.ownerReferences ?? []).map(({ uid }) => uid));
    const uid = (after ?? before)?.uid ?? "";
    const isGoing = after === undefined || after.deletionTimestamp !== undefined;
    return [
      ...(after !== undefined && (owners.length > 0 || isGoing) ? [uid] : []),
      // How the owner is deleted decides about its dependents, and an owner may wait for this object to be deleted.
      ...(isGoing ? (dependents.get(uid) ?? []) : []),
      ...(isGoing || owners.length > 0 ? owners.filter((owner) => isWaiting(objects.get(owner))) : []),
    ];
  }

  return {
    get: (uid) => objects.get(uid),
    dependentsOf: (uid) => [...(dependents.get(uid) ?? [])].flatMap((dependent) => objects.get(dependent) ?? []),
    forget: ({ resource, metadata }) => replace(resource, metadata, undefined),
    wasDeleted: (uid) => deleted.get(uid) === true,
    apply(resource, { before, after }) {
      if (before !== undefined && before.metadata.uid !== after?.metadata.uid) noteDeletion(before.metadata.uid);
      // Deleted and recreated under the same name, seen as one change.
      if (before !== undefined && after !== undefined && before.metadata.uid !== after.metadata.uid) {
        return [...replace(resource, before.metadata, undefined), ...replace(resource, undefined, after.metadata)];
      }
      return replace(resource, before?.metadata, after?.metadata);
    },
  };
}

/** Whether the object is on its way out, and waits until its dependents are gone. */
export function isWaiting(object: Pick<OwnedObject, "metadata"> | undefined): boolean {
  const { deletionTimestamp, finalizers = [] } = object?.metadata ?? {};
  return deletionTimestamp !== undefined && finalizers.includes(FOREGROUND);
}

/** The metadata that the garbage collector needs. */
function textOf({ ownerReferences, finalizers, deletionTimestamp }: ObjectMeta): string {
  return JSON.stringify([ownerReferences, finalizers, deletionTimestamp !== undefined]);
}
