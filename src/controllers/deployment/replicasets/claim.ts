import type { Deployment } from "../../../api/apps/v1/deployment.ts";
import type { ReplicaSet } from "../../../api/apps/v1/replicaset.ts";
import type { OwnerReference } from "../../../api/meta/v1/object-meta.ts";
import { labelSelectorMatches } from "../../../api/selectors/label-selector.ts";

/** Which ReplicaSets are a Deployment's, and which are to become so or to be let go. */
export interface Claims {
  readonly owned: readonly ReplicaSet[];
  /** Its selector selects them, and nobody controls them. */
  readonly adopted: readonly ReplicaSet[];
  /** It controls them, but its selector does not select them any more. */
  readonly released: readonly ReplicaSet[];
}

/** Looks through the ReplicaSets of the Deployment's namespace. A Deployment on its way out takes and releases none. */
export function planClaims({ metadata, spec }: Deployment, replicaSets: readonly ReplicaSet[]): Claims {
  const isSelected = (replicaSet: ReplicaSet) => labelSelectorMatches(spec.selector, replicaSet.metadata.labels);
  const controlled = replicaSets.filter((replicaSet) => controllerOf(replicaSet)?.uid === metadata.uid);
  const isAlive = metadata.deletionTimestamp === undefined;
  return {
    owned: controlled.filter(isSelected),
    released: controlled.filter((replicaSet) => isAlive && !isSelected(replicaSet)),
    adopted: replicaSets.filter(
      (replicaSet) =>
        isAlive &&
        controllerOf(replicaSet) === undefined &&
        replicaSet.metadata.deletionTimestamp === undefined &&
        isSelected(replicaSet),
    ),
  };
}

/** Who looks after the object. */
export function controllerOf({ metadata }: Pick<ReplicaSet, "metadata">): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** How a ReplicaSet names the Deployment that looks after it. */
export function controllerReference({ metadata: { name, uid } }: Deployment): OwnerReference {
  return { apiVersion: "apps/v1", kind: "Deployment", name, uid, controller: true, blockOwnerDeletion: true };
}

/** The strategic merge patch that makes the Deployment the ReplicaSet's controller. Refused when it is another object. */
export function adoptionPatch(deployment: Deployment, { metadata: { uid } }: ReplicaSet): unknown {
  return { metadata: { uid, ownerReferences: [controllerReference(deployment)] } };
}

/** The strategic merge patch that takes the Deployment out of the ReplicaSet's owners. */
export function releasePatch({ metadata: owner }: Deployment, { metadata: { uid } }: ReplicaSet): unknown {
  return { metadata: { uid, ownerReferences: [{ $patch: "delete", uid: owner.uid }] } };
}
