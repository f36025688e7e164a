import type { ObjectMeta, OwnerReference } from "@fairlead/api/meta/v1/object-meta";
import { FOREGROUND, isWaiting, ORPHAN, type OwnedObject } from "./ownership-graph.ts";

/** What there is of an owner: it stays; it is gone, or never was; or it waits for its dependents to go first. */
export type OwnerState = "solid" | "absent" | "waiting";

/** Everything the plan may depend on. */
export interface GarbageInputs {
  readonly object: OwnedObject;
  readonly dependents: readonly OwnedObject[];
  ownerState(owner: OwnerReference): OwnerState;
}

/** One write. It is about the object as it was when it was looked at. */
export type GarbageAction =
  | { readonly do: "delete"; readonly object: OwnedObject; readonly policy: "Orphan" | "Foreground" | "Background" }
  | { readonly do: "setOwners"; readonly object: OwnedObject; readonly owners: readonly OwnerReference[] }
  | { readonly do: "setFinalizers"; readonly object: OwnedObject; readonly finalizers: readonly string[] };

/** What to do about one object because of its owners and its dependents, in this order. Pure. */
export function planGarbage(inputs: GarbageInputs): readonly GarbageAction[] {
  const { object, dependents } = inputs;
  const { uid, deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined) return planByOwners(inputs);
  if (finalizers.includes(ORPHAN)) {
    return [...dependents.map((dependent) => withoutOwner(dependent, uid)), withoutFinalizer(object, ORPHAN)];
  }
  if (!isWaiting(object)) return [];
  return dependents.some((dependent) => blocks(dependent, uid)) ? [] : [withoutFinalizer(object, FOREGROUND)];
}

/** An object goes when none of its owners stays. While one does, the others are only forgotten. */
function planByOwners({ object, dependents, ownerState }: GarbageInputs): readonly GarbageAction[] {
  const owners = object.metadata.ownerReferences ?? [];
  if (owners.length === 0) return [];
  const states = new Map(owners.map((owner) => [owner, ownerState(owner)]));
  const solid = owners.filter((owner) => states.get(owner) === "solid");
  if (solid.length === owners.length) return [];
  if (solid.length > 0) return [{ do: "setOwners", object, owners: solid }];

  const isAwaited = owners.some((owner) => states.get(owner) === "waiting");
  if (!isAwaited || dependents.length === 0) return [{ do: "delete", object, policy: policyOf(object.metadata) }];
  // A dependent that waits for its own dependents may wait for this object in a circle. This object is then not waited for.
  const unblocked = owners.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
  const isCircular = dependents.some(isWaiting) && owners.some((owner) => owner.blockOwnerDeletion === true);
  return isCircular
    ? [{ do: "setOwners", object, owners: unblocked }]
    : [{ do: "delete", object, policy: "Foreground" }];
}

function policyOf({ finalizers = [] }: ObjectMeta): "Orphan" | "Foreground" | "Background" {
  if (finalizers.includes(ORPHAN)) return "Orphan";
  return finalizers.includes(FOREGROUND) ? "Foreground" : "Background";
}

function blocks({ metadata }: OwnedObject, owner: string): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion === true,
  );
}

function withoutOwner(object: OwnedObject, owner: string): GarbageAction {
  const owners = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner);
  return { do: "setOwners", object, owners };
}

function withoutFinalizer(object: OwnedObject, name: string): GarbageAction {
  return { do: "setFinalizers", object, finalizers: (object.metadata.finalizers ?? []).filter((f) => f !== name) };
}
