import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { controllerOf } from "../../ownership/claim.ts";
import { actualPods, allOf } from "../replicasets/replica-sets.ts";
import { type Rollout, scaleTo, withCurrent } from "./rollout.ts";

/**
 * The next step of an update that may have no two versions at a time: old ReplicaSets are scaled to zero; once their
 * last pod has ended, the current ReplicaSet gets all of its pods at once.
 *
 * @param pods - Of the Deployment's ReplicaSets.
 */
export function recreate(rollout: Rollout, pods: readonly Pod[], now: string): Rollout {
  const { deployment, current, old } = rollout;
  if (old.some(({ spec }) => spec.replicas > 0)) {
    return { ...rollout, old: old.map((replicaSet) => scaleTo(deployment, replicaSet, 0)) };
  }
  if (actualPods(old) > 0 || pods.some((pod) => !isOver(pod) && isOfOther(pod, rollout))) return rollout;
  const started = withCurrent({ deployment, current, old }, now);
  return { ...started, current: scaleTo(deployment, started.current, deployment.spec.replicas) };
}

/** Whether the pod belongs to a ReplicaSet of the Deployment other than the current one. */
function isOfOther(pod: Pod, rollout: Rollout): boolean {
  const owner = controllerOf(pod)?.uid;
  if (owner === rollout.current?.metadata.uid) return false;
  return allOf(rollout).some(({ metadata }) => metadata.uid === owner);
}

/** Whether none of the pod's containers runs any more, or will. */
export function isOver({ status: { phase } }: Pod): boolean {
  return phase === "Failed" || phase === "Succeeded";
}
