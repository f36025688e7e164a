import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { deepEqual } from "@fairlead/api/deep-equal";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import type { Cache, CacheChange } from "@fairlead/client/cache/cache";
import { keyOf } from "../object-key.ts";
import { controllerOf } from "../ownership/claim.ts";

/** Of all that is known, what is looked at here. */
interface Copies {
  readonly pods: Pick<Cache<Pod>, "byIndex">;
  readonly replicaSets: Pick<Cache<ReplicaSet>, "byIndex">;
}

/** All pods of the ReplicaSets that belong to the same Deployment; none for a ReplicaSet without a Deployment. */
export function relatedPods({ pods, replicaSets }: Copies, replicaSet: ReplicaSet): readonly Pod[] {
  const owner = controllerOf(replicaSet);
  if (owner === undefined) return [];
  return replicaSets
    .byIndex("controller", owner.uid)
    .flatMap(({ metadata: { uid } }) => pods.byIndex("controller", uid));
}

/** ReplicaSets to reconcile when a pod changes: its controllers; for a pod without a controller, those that select it. */
export function replicaSetsOfPod({ replicaSets }: Copies, { before, after }: CacheChange<Pod>): readonly string[] {
  const controlling = [...new Set([before, after].flatMap(controllingReplicaSet))];
  if (after === undefined || controllerOf(after) !== undefined || !hasChangedHands(before, after)) return controlling;
  const { namespace = "", labels } = after.metadata;
  const willing = replicaSets
    .byIndex("namespace", namespace)
    .filter(({ spec }) => labelSelectorMatches(spec.selector, labels))
    .map(keyOf);
  return [...controlling, ...willing];
}

function controllingReplicaSet(pod: Pod | undefined): readonly string[] {
  const owner = pod && controllerOf(pod);
  return owner?.kind === "ReplicaSet" ? [`${pod?.metadata.namespace}/${owner.name}`] : [];
}

/** Whether a ReplicaSet may adopt the pod now that could not before. */
function hasChangedHands(before: Pod | undefined, after: Pod): boolean {
  if (before === undefined || controllerOf(before) !== undefined) return true;
  return !deepEqual(before.metadata.labels ?? {}, after.metadata.labels ?? {});
}
