import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { countFrom, DESIRED_REPLICAS, MAX_REPLICAS } from "../replicasets/annotations.ts";
import { rollingLimits } from "../replicasets/limits.ts";
import { activeOf, allOf, availablePods, byAge, wantedPods } from "../replicasets/replica-sets.ts";
import { type Rollout, resize, scaleTo } from "./rollout.ts";

/** Whether `spec.replicas` was changed since the ReplicaSets were last scaled. That comes before any update. */
export function isScaled(rollout: Rollout): boolean {
  return activeOf(allOf(rollout)).some((replicaSet) => {
    const desired = countFrom(replicaSet, DESIRED_REPLICAS);
    return desired !== undefined && desired !== rollout.deployment.spec.replicas;
  });
}

/**
 * The ReplicaSets for a Deployment whose size was changed. During a rolling update each keeps its share, so that a
 * broken version does not gain on a good one by being scaled.
 */
export function scale(rollout: Rollout): Rollout {
  const { deployment, current } = rollout;
  const only = onlyActiveOrLatest(rollout);
  // Even if its size is right by chance: as long as it remembers another, every update would wait for this scaling.
  if (only !== undefined) return replaced(rollout, resize(deployment, only, deployment.spec.replicas));
  if (current !== undefined && isSaturated(deployment, current)) {
    return { ...rollout, old: rollout.old.map((replicaSet) => scaleTo(deployment, replicaSet, 0)) };
  }
  if (deployment.spec.strategy.type === "RollingUpdate") return inProportion(rollout);
  // The old ones are about to go: there is nothing to share out.
  return activeOf(allOf(rollout)).reduce(
    (noted, active) => replaced(noted, resize(deployment, active, active.spec.replicas)),
    rollout,
  );
}

/** The one ReplicaSet with pods; if none has any the current or else the youngest. `undefined` when several have. */
function onlyActiveOrLatest({ current, old }: Rollout): ReplicaSet | undefined {
  const [first, ...others] = activeOf(allOf({ current, old }));
  if (first === undefined) return current ?? old.at(-1);
  return others.length === 0 ? first : undefined;
}

/** Whether the current ReplicaSet alone is already all that the Deployment is to be. */
function isSaturated({ spec: { replicas } }: Deployment, current: ReplicaSet): boolean {
  const desired = countFrom(current, DESIRED_REPLICAS);
  return current.spec.replicas === replicas && desired === replicas && availablePods([current]) === replicas;
}

/** What is added or removed goes to the larger ones first, and what rounding leaves over to the largest. */
function inProportion(rollout: Rollout): Rollout {
  const { deployment } = rollout;
  const { replicas } = deployment.spec;
  const active = activeOf(allOf(rollout));
  const most = replicas > 0 ? replicas + rollingLimits(deployment).maxSurge : 0;
  const change = most - wantedPods(active);
  const sorted = change === 0 ? active : [...active].sort(change > 0 ? bySizeYounger : bySizeOlder);
  let left = change;
  const shares = sorted.map((replicaSet) => {
    const share = shareOf(deployment, replicaSet, left, change);
    left -= share;
    return share;
  });
  return sorted.reduce((scaled, replicaSet, index) => {
    const size = replicaSet.spec.replicas + (shares[index] ?? 0) + (index === 0 ? left : 0);
    return replaced(scaled, resize(deployment, replicaSet, Math.max(0, size)));
  }, rollout);
}

/** How many pods more (or fewer, below 0) the ReplicaSet gets of the `left` ones. */
function shareOf(deployment: Deployment, replicaSet: ReplicaSet, left: number, change: number): number {
  if (change === 0 || left === 0) return 0;
  const share = proportionalChange(deployment, replicaSet);
  return change > 0 ? Math.min(share, left) : Math.max(share, left);
}

function proportionalChange(deployment: Deployment, replicaSet: ReplicaSet): number {
  const { replicas } = deployment.spec;
  const size = replicaSet.spec.replicas;
  if (replicas === 0) return -size;
  const before = countFrom(replicaSet, MAX_REPLICAS) || (deployment.status.replicas ?? 0);
  if (before === 0) return 0;
  return Math.round((size * (replicas + rollingLimits(deployment).maxSurge)) / before) - size;
}

function bySizeYounger(a: ReplicaSet, b: ReplicaSet): number {
  return b.spec.replicas - a.spec.replicas || byAge(b, a);
}

function bySizeOlder(a: ReplicaSet, b: ReplicaSet): number {
  return b.spec.replicas - a.spec.replicas || byAge(a, b);
}

function replaced({ deployment, current, old }: Rollout, replicaSet: ReplicaSet): Rollout {
  const { uid } = replicaSet.metadata;
  const swap = (one: ReplicaSet) => (one.metadata.uid === uid ? replicaSet : one);
  return { deployment, current: current && swap(current), old: old.map(swap) };
}
