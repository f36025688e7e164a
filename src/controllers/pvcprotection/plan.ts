import type { PersistentVolumeClaim } from "../../api/core/v1/persistentvolumeclaim.ts";
import { claimNames } from "../../api/core/v1/pod/claim-names.ts";
import type { Pod } from "../../api/core/v1/pod/pod.ts";

/** Holds a deleted claim for as long as a pod uses it. */
export const FINALIZER = "kubernetes.io/pvc-protection";

/** Whether the pod keeps the claim from going: one that no kubelet has heard of yet does not. */
export function usesClaim(pod: Pod, { metadata: { name } }: PersistentVolumeClaim): boolean {
  return (pod.spec.nodeName ?? "") !== "" && claimNames(pod).includes(name);
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
