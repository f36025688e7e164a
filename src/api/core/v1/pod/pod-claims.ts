import type { PersistentVolumeClaim } from "../persistentvolumeclaim/persistentvolumeclaim-schema.ts";
import type { Pod } from "./pod-schema.ts";
import type { Volume } from "./volume.ts";

/** A claim that a pod uses. */
export interface PodClaim {
  /** The pod's volume. */
  readonly volumeName: string;
  /** The claim, in the pod's namespace. */
  readonly claimName: string;
  readonly readOnly: boolean;
  /** Whether the claim is made for this pod and goes with it. */
  readonly isEphemeral: boolean;
}

/** The claim behind a volume of the pod, if there is one. */
export function podClaim({ metadata }: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): PodClaim | undefined {
  if (persistentVolumeClaim !== undefined) {
    const { claimName, readOnly = false } = persistentVolumeClaim;
    return { volumeName: name, claimName, readOnly, isEphemeral: false };
  }
  if (ephemeral === undefined) return undefined;
  return { volumeName: name, claimName: `${metadata.name}-${name}`, readOnly: false, isEphemeral: true };
}

/** All claims of the pod. */
export function podClaims(pod: Pod): readonly PodClaim[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => podClaim(pod, volume) ?? []);
}

/** The names of the PersistentVolumeClaims that the pod uses, in its own namespace. */
export function claimNames(pod: Pod): readonly string[] {
  return podClaims(pod).map(({ claimName }) => claimName);
}

/** Why a claim that has the name of the pod's own is not, in upstream's words; undefined when it is. */
export function foreignClaim({ metadata: pod }: Pod, { metadata: claim }: PersistentVolumeClaim): string | undefined {
  const owner = claim.ownerReferences?.find(({ controller }) => controller === true);
  if (claim.namespace === pod.namespace && owner?.uid === pod.uid) return undefined;
  const [of, by] = [claim, pod].map(({ namespace, name }) => `${namespace}/${name}`);
  return `PVC ${of} was not created for pod ${by} (pod is not owner)`;
}
