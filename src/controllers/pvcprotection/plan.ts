import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podClaims } from "@fairlead/api/core/v1/pod/pod-claims";
import { FINALIZER } from "@fairlead/api/well-known";

/** Which claims some pods of one namespace keep from going, as {@link isAmong} asks. Pods without a node keep none. */
export function claimUses(pods: readonly Pod[]): ReadonlySet<string> {
  return new Set(pods.flatMap(usesOf));
}

function usesOf(pod: Pod): readonly string[] {
  // No kubelet has it, and none will start a pod whose claim is being deleted.
  if ((pod.spec.nodeName ?? "") === "") return [];
  return podClaims(pod).flatMap(({ claimName, isEphemeral }) => {
    if (!isEphemeral) return [claimName];
    // A pod whose phase is final may itself wait for its own claim to go.
    return isShutDown(pod) ? [] : [ownUse(claimName, pod.metadata.uid)];
  });
}

/** Whether the claim is among those that are used. A pod's own claim is used by no pod but that one. */
export function isAmong(uses: ReadonlySet<string>, { metadata }: PersistentVolumeClaim): boolean {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return uses.has(metadata.name) || (owner !== undefined && uses.has(ownUse(metadata.name, owner.uid)));
}

/** Names have no blanks. */
function ownUse(claimName: string, podUid: string): string {
  return `${claimName} ${podUid}`;
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
  const isThere = finalizers.includes(FINALIZER.claimInUse);
  if (deletionTimestamp === undefined) return isThere ? "keep" : "add";
  return isThere && !isUsed ? "remove" : "keep";
}
