import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { rollingLimits } from "../replicasets/limits.ts";
import { activeOf, allOf, availablePods, wantedPods } from "../replicasets/replica-sets.ts";
import { type Rollout, roomFor, scaleTo } from "./rollout.ts";

type Current = Rollout & { readonly current: ReplicaSet };

/**
 * The next step of a rolling update: more pods for the current ReplicaSet if there is room, else fewer for the old
 * ones if enough are available. The ReplicaSets stay unchanged where pods have to come or go first.
 */
export function rollForward(rollout: Current): Current {
  const grown = scaleCurrent(rollout);
  return grown.current === rollout.current ? { ...rollout, old: scaleOldDown(rollout) } : grown;
}

function scaleCurrent(rollout: Current): Current {
  const { deployment, current } = rollout;
  const replicas = Math.min(deployment.spec.replicas, roomFor(rollout));
  return { ...rollout, current: scaleTo(deployment, current, replicas) };
}

/**
 * Old pods go in two steps: first those that are not available, since they serve no traffic and their surge room lets the
 * update go on; then as many available ones as those of the current ReplicaSet stand in for.
 */
function scaleOldDown(rollout: Current): readonly ReplicaSet[] {
  const { deployment, current, old } = rollout;
  const minAvailable = deployment.spec.replicas - rollingLimits(deployment).maxUnavailable;
  const unavailable = current.spec.replicas - availablePods([current]);
  const removable = wantedPods(allOf(rollout)) - minAvailable - unavailable;
  if (removable <= 0 || !activeOf(allOf(rollout)).every(isSettled)) return old;
  const cleaned = removeUnavailable(deployment, old, removable);
  return removeAvailable(deployment, cleaned, availablePods(activeOf(allOf({ current, old: cleaned }))) - minAvailable);
}

/**
 * Whether the ReplicaSet's figures are of its present size. A pod that it counts but is to remove, or has removed
 * meanwhile, replaces no available pod.
 */
function isSettled({ metadata, spec, status }: ReplicaSet): boolean {
  const isNew = status.observedGeneration === undefined;
  const isObserved = (metadata.generation ?? 0) <= (status.observedGeneration ?? 0);
  return isNew || (isObserved && (status.availableReplicas ?? 0) <= spec.replicas);
}

function removeUnavailable(deployment: Deployment, old: readonly ReplicaSet[], most: number): readonly ReplicaSet[] {
  return removeFrom(deployment, old, {
    most,
    of: (replicaSet) => replicaSet.spec.replicas - availablePods([replicaSet]),
  });
}

function removeAvailable(deployment: Deployment, old: readonly ReplicaSet[], most: number): readonly ReplicaSet[] {
  return removeFrom(deployment, old, { most, of: ({ spec }) => spec.replicas });
}

/** Takes away up to `most` pods, and up to `of` from each ReplicaSet, the oldest first. */
function removeFrom(
  deployment: Deployment,
  old: readonly ReplicaSet[],
  { most, of }: { readonly most: number; of(replicaSet: ReplicaSet): number },
): readonly ReplicaSet[] {
  let left = Math.max(0, most);
  return old.map((replicaSet) => {
    const removed = replicaSet.spec.replicas === 0 ? 0 : Math.min(of(replicaSet), left);
    left -= removed;
    return scaleTo(deployment, replicaSet, replicaSet.spec.replicas - removed);
  });
}
