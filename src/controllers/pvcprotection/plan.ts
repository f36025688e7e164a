import type { PersistentVolumeClaim } from "../../api/core/v1/persistentvolumeclaim.ts";
import type { Pod } from "../../api/core/v1/pod/pod.ts";

/** Holds a deleted claim for as long as a pod uses it. */
export const FINALIZER = "kubernetes.io/pvc-protection";

/** The names of the claims that the pod mentions, in its own namespace. */
export function claimNames({ metadata, spec }: Pod): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral === undefined ? [] : [`${metadata.name}-${name}`];
  });
}

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
