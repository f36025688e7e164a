import type { PersistentVolumeClaim } from "../../api/core/v1/persistentvolumeclaim.ts";
import type { Pod } from "../../api/core/v1/pod/pod.ts";
import { foreignClaim, podClaims } from "../../api/core/v1/pod/pod-claims.ts";

/** Holds a deleted claim for as long as a pod uses it. */
export const FINALIZER = "kubernetes.io/pvc-protection";

/** Whether the pod keeps the claim from going: one that no kubelet has heard of yet does not. */
export function usesClaim(pod: Pod, claim: PersistentVolumeClaim): boolean {
  if ((pod.spec.nodeName ?? "") === "") return false;
  return podClaims(pod).some(({ claimName, isEphemeral }) => {
    if (claimName !== claim.metadata.name) return false;
    // A pod that has ended for good may itself wait for its own claim to go.
    return !isEphemeral || (!isShutDown(pod) && foreignClaim(pod, claim) === undefined);
  });
}

/** Whether the pod's kubelet is done with it, or was not to be waited for. */
export function isShutDown({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.deletionGracePeriodSeconds === 0;
}

/** What to do about the finalizer. `isUsed` counts only for a claim that is being deleted. Pure. */
export function planProtection(
  { metadata: { deletionTimestamp, finalizers = [] } }: PersistentVolumeClaim,
  isUsed: boolean,
): "add" | "remove" | "keep" {
  const isThere = finalizers.includes(FINALIZER);
  if (deletionTimestamp === undefined) return isThere ? "keep" : "add";
  return isThere && !isUsed ? "remove" : "keep";
}
