import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { BIND_COMPLETED } from "@fairlead/api/core/v1/persistentvolumeclaim/bind-completed";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { deepEqual } from "@fairlead/api/deep-equal";

/** On a volume or claim whose partner was chosen by this controller, not by the author of the object. */
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

type Annotated = Pick<PersistentVolume, "metadata">;

/** Whether the object has the annotation, whatever its value. */
export function isMarked({ metadata }: Annotated, annotation: string): boolean {
  return metadata.annotations?.[annotation] !== undefined;
}

/** Whether the volume is bound to this claim, or kept for one of its name. */
export function isBoundTo({ spec: { claimRef } }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return (claimRef.uid ?? "") === "" || claimRef.uid === metadata.uid;
}

/*
 * A binding is four writes: the volume names the claim, the volume is Bound, the claim names the volume, the claim is
 * Bound. Each of these functions gives one of them, or the object itself where it has been done: a reconcile after a
 * crash does what is left. The first write decides: the API server lets only one claim win it.
 */

/** The volume as it names the claim. */
export function withClaim(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const { claimRef } = volume.spec;
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  if (isBoundTo(volume, claim) && claimRef?.uid === uid) return volume;
  const reference = { kind: claim.kind, namespace, name, uid, apiVersion: claim.apiVersion, resourceVersion };
  const bound = { ...volume, spec: { ...volume.spec, claimRef: reference } };
  return isBoundTo(volume, claim) ? bound : marked(bound, BOUND_BY_CONTROLLER);
}

/** The claim as it names the volume. */
export function withVolume(claim: PersistentVolumeClaim, { metadata: { name } }: PersistentVolume) {
  const isNamed = claim.spec.volumeName === name;
  if (isNamed && isMarked(claim, BIND_COMPLETED)) return claim;
  const bound = marked({ ...claim, spec: { ...claim.spec, volumeName: name } }, BIND_COMPLETED);
  return isNamed ? bound : marked(bound, BOUND_BY_CONTROLLER);
}

/** The volume without its claim; a volume that its writer kept for a claim of that name is kept on. */
export function withoutClaim(volume: PersistentVolume): PersistentVolume {
  const { claimRef } = volume.spec;
  if (claimRef === undefined) return volume;
  if (!isMarked(volume, BOUND_BY_CONTROLLER)) {
    return { ...volume, spec: { ...volume.spec, claimRef: { ...claimRef, uid: undefined } } };
  }
  const { [BOUND_BY_CONTROLLER]: _, ...annotations } = volume.metadata.annotations ?? {};
  return { ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume.spec, claimRef: undefined } };
}

/** The volume in that phase. */
export function volumeInPhase(volume: PersistentVolume, phase: string, message = ""): PersistentVolume {
  if (volume.status.phase === phase) return volume;
  // Without the time of its last change of phase: the API server writes that.
  return { ...volume, status: { phase, message } };
}

/** The claim in that phase, showing what the volume has to offer. */
export function claimInPhase(
  claim: PersistentVolumeClaim,
  phase: string,
  volume?: PersistentVolume,
): PersistentVolumeClaim {
  const accessModes = volume?.spec.accessModes;
  // A bound claim keeps its size: its file system may not have grown with its volume yet.
  const keepsSize = volume !== undefined && claim.status.phase === phase;
  const capacity = keepsSize ? claim.status.capacity : volume?.spec.capacity;
  const status = { ...claim.status, phase, accessModes, capacity };
  return deepEqual(status, claim.status) ? claim : { ...claim, status };
}

function marked<T extends Annotated>(object: T, annotation: string): T {
  const annotations = { ...object.metadata.annotations, [annotation]: "yes" };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
