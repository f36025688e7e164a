import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { deepEqual } from "@fairlead/api/deep-equal";
import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import type { Cache, CacheChange } from "@fairlead/client/cache/cache";
import { keyOf } from "../object-key.ts";
import { controllerOf } from "../ownership/claim.ts";

/** Objects of one kind that control pods. */
export interface PodOwners<T extends KubeObject> {
  /** As owner references name it. */
  readonly kind: string;
  readonly cache: Pick<Cache<T>, "byIndex">;
  selectorOf(object: T): LabelSelector;
}

/** All pods of the ReplicaSets that belong to the same Deployment; none for a ReplicaSet without a Deployment. */
export function relatedPods(
  pods: Pick<Cache<Pod>, "byIndex">,
  owners: Pick<Cache<KubeObject>, "byIndex">,
  object: KubeObject,
): readonly Pod[] {
  const owner = controllerOf(object);
  if (owner === undefined) return [];
  return owners.byIndex("controller", owner.uid).flatMap(({ metadata: { uid } }) => pods.byIndex("controller", uid));
}

/** Objects to reconcile when a pod changes: its controllers; for a pod without a controller, those that select it. */
export function ownersOfPod<T extends KubeObject>(
  { kind, cache, selectorOf }: PodOwners<T>,
  { before, after }: CacheChange<Pod>,
): readonly string[] {
  const controlling = [...new Set([before, after].flatMap((pod) => controllersOf(pod, kind)))];
  if (after === undefined || controllerOf(after) !== undefined || !hasChangedHands(before, after)) return controlling;
  const { namespace = "", labels } = after.metadata;
  const willing = cache
    .byIndex("namespace", namespace)
    .filter((object) => labelSelectorMatches(selectorOf(object), labels))
    .map(keyOf);
  return [...controlling, ...willing];
}

function controllersOf(pod: Pod | undefined, kind: string): readonly string[] {
  const owner = pod && controllerOf(pod);
  return owner?.kind === kind ? [`${pod?.metadata.namespace}/${owner.name}`] : [];
}

/** Whether an object may adopt the pod now that could not before. */
function hasChangedHands(before: Pod | undefined, after: Pod): boolean {
  if (before === undefined || controllerOf(before) !== undefined) return true;
  return !deepEqual(before.metadata.labels ?? {}, after.metadata.labels ?? {});
}
