import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { foreignClaim, podClaim } from "@fairlead/api/core/v1/pod/pod-claims";
import type { Draft } from "@fairlead/api/schema";

/** What is to be done about the claims that a pod brings along. */
export interface EphemeralPlan {
  readonly create: readonly { readonly volumeName: string; readonly claim: Draft<PersistentVolumeClaim> }[];
  /** Volumes whose claim's name is taken by another claim, and upstream's words for it. */
  readonly taken: readonly string[];
}

/** Decides on the claims of a pod's ephemeral volumes. `claim` finds one of the pod's namespace by its name. Pure. */
export function planEphemeral(pod: Pod, claim: (name: string) => PersistentVolumeClaim | undefined): EphemeralPlan {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined) return { create: [], taken: [] };
  const owner = { apiVersion: "v1", kind: "Pod", name, uid, controller: true, blockOwnerDeletion: true };
  const create: EphemeralPlan["create"][number][] = [];
  const taken: string[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const { claimName = "", isEphemeral = false } = podClaim(pod, volume) ?? {};
    const template = volume.ephemeral?.volumeClaimTemplate;
    if (!isEphemeral || template === undefined) continue;
    const there = claim(claimName);
    const problem = there && foreignClaim(pod, there);
    if (problem !== undefined) taken.push(`ephemeral volume ${volume.name}: ${problem}`);
    if (there !== undefined) continue;
    const { labels, annotations } = template.metadata ?? {};
    const metadata = { name: claimName, namespace, labels, annotations, ownerReferences: [owner] };
    create.push({ volumeName: volume.name, claim: { metadata, spec: template.spec } });
  }
  return { create, taken };
}
