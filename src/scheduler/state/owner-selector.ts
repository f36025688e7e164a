import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { Cache } from "@fairlead/client/cache/cache";

/** The workloads whose pods are spread without asking for it. */
export interface SpreadOwners {
  readonly replicaSets: Pick<Cache<ReplicaSet>, "get">;
}

/** The selector of the workload that controls the pod; `undefined` for pods without a controller, or with one of a kind that does not spread. */
export function ownerSelectorOf({ replicaSets }: SpreadOwners, { metadata }: Pod): LabelSelector | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner?.apiVersion !== "apps/v1" || owner.kind !== "ReplicaSet") return undefined;
  return replicaSets.get(`${metadata.namespace}/${owner.name}`)?.spec.selector;
}
