import type { Deployment } from "../../../api/apps/v1/deployment.ts";
import type { ReplicaSet } from "../../../api/apps/v1/replicaset.ts";
import { rollingLimits } from "../replicasets/limits.ts";
import { activeOf, allOf, availablePods, wantedPods } from "../replicasets/replica-sets.ts";
import { type Rollout, roomFor, scaleTo } from "./rollout.ts";

type Current = Rollout & { readonly current: ReplicaSet };

/**
 * The next step of a rolling update: more pods for the current ReplicaSet if there is room, else fewer for the old
 * ones if enough are available. The ReplicaSets stay as they are where pods have to come or go first.
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
 * Old pods go in two steps: first those that are not available, since nobody misses them and their surge room lets the
 * update go on; then as many available ones as those of the current ReplicaSet stand in for.
 */
function scaleOldDown(rollout: Current): readonly ReplicaSet[] {
  const { deployment, current, old } = rollout;
  const minAvailable = deployment.spec.replicas - rollingLimits(deployment).maxUnavailable;
  const unavailable = current.spec.replicas - availablePods([current]);
  const removable = wantedPods(allOf(rollout)) - minAvailable - unavailable;
  if (wantedPods(old) === 0 || removable <= 0) return old;

  const cleaned = removeUnavailable(deployment, old, removable);
  // Its figures are from before it was last scaled down: what follows from them would be wrong.
  if (cleaned === undefined) return old;
  return removeAvailable(deployment, cleaned, availablePods(allOf({ current, old: activeOf(cleaned) })) - minAvailable);
}

function removeUnavailable(
  deployment: Deployment,
  old: readonly ReplicaSet[],
  most: number,
): readonly ReplicaSet[] | undefined {
  let left = most;
  const scaled: ReplicaSet[] = [];
  for (const replicaSet of old) {
    const { replicas } = replicaSet.spec;
    const unavailable = replicas - availablePods([replicaSet]);
    if (replicas > 0 && left > 0 && unavailable < 0) return undefined;
    const removed = replicas === 0 ? 0 : Math.min(left, unavailable);
    left -= Math.max(0, removed);
    scaled.push(scaleTo(deployment, replicaSet, replicas - Math.max(0, removed)));
  }
  return scaled;
}

function removeAvailable(deployment: Deployment, old: readonly ReplicaSet[], most: number): readonly ReplicaSet[] {
  let left = Math.max(0, most);
  return old.map((replicaSet) => {
    const removed = Math.min(replicaSet.spec.replicas, left);
    left -= removed;
    return scaleTo(deployment, replicaSet, replicaSet.spec.replicas - removed);
  });
}
