import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { OwnerReference } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";

/** What looks after other objects: those of its namespace that its selector selects. */
export interface Selecting extends KubeObject {
  readonly spec: { readonly selector: LabelSelector };
}

/** Which objects are an owner's, and which are to become so or to be let go. */
export interface Claims<T> {
  readonly owned: readonly T[];
  /** Its selector selects them, and they have no controller. */
  readonly adopted: readonly T[];
  /** It controls them, but its selector does not select them any more. */
  readonly released: readonly T[];
}

/** Looks through objects of the owner's namespace. An owner on its way out takes and releases none. */
export function planClaims<T extends KubeObject>({ metadata, spec }: Selecting, candidates: readonly T[]): Claims<T> {
  const isAlive = metadata.deletionTimestamp === undefined;
  const owned: T[] = [];
  const adopted: T[] = [];
  const released: T[] = [];
  for (const object of candidates) {
    const controller = controllerOf(object);
    const isSelected = labelSelectorMatches(spec.selector, object.metadata.labels);
    if (controller?.uid === metadata.uid) {
      if (isSelected) owned.push(object);
      else if (isAlive) released.push(object);
    } else if (controller === undefined && isSelected && isAlive && object.metadata.deletionTimestamp === undefined) {
      adopted.push(object);
    }
  }
  return { owned, adopted, released };
}

/** Who looks after the object. */
export function controllerOf({ metadata }: Pick<KubeObject, "metadata">): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** How an object names the one that looks after it, and that is to stay until the object is gone. */
export function controllerReference({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The strategic merge patch that makes `owner` the object's controller. Refused when it is another object by now. */
export function adoptionPatch(owner: KubeObject, { metadata: { uid } }: KubeObject): unknown {
  return { metadata: { uid, ownerReferences: [controllerReference(owner)] } };
}

/** The strategic merge patch that takes `owner` out of the object's owners. */
export function releasePatch({ metadata: owner }: KubeObject, { metadata: { uid } }: KubeObject): unknown {
  return { metadata: { uid, ownerReferences: [{ $patch: "delete", uid: owner.uid }] } };
}
