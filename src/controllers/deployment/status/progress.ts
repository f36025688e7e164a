import type { Deployment, DeploymentCondition, DeploymentStatus } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { conditionOf } from "@fairlead/api/condition-of";
import { allOf } from "../replicasets/replica-sets.ts";
import type { Rollout } from "../steps/rollout.ts";
import { type Finding, progressDeadlineMs, withCondition, withNewCondition, withoutCondition } from "./conditions.ts";
import { deploymentStatus, isComplete } from "./status.ts";

/** Times in the API are in whole seconds, so that a deadline may seem to be a second early. */
const TIME_GRAIN_MS = 1_000;

/** {@link deploymentStatus} of a rollout that goes on: also how far it has got, and which pods could not be made. */
export function rolloutStatus(
  rollout: Rollout,
  time: { readonly now: string; readonly nowMs: number },
): DeploymentStatus {
  const status = deploymentStatus(rollout, time.now);
  const conditions = withProgress(rollout, status, time);
  const failure = replicaFailure(rollout);
  const others = withoutCondition(conditions, "ReplicaFailure");
  return { ...status, conditions: failure === undefined ? others : withFailure(conditions, failure) };
}

/** How long until a rollout that stands still has to be looked at again; `undefined`: it has no deadline. */
export function untilDeadlineMs(deployment: Deployment, status: DeploymentStatus, nowMs: number): number | undefined {
  const deadlineMs = progressDeadlineMs(deployment);
  const progress = conditionOf(status.conditions, "Progressing");
  if (deadlineMs === undefined || progress === undefined || isComplete(deployment, status)) return undefined;
  // The first has failed already, the second had succeeded: what happens to its pods later is no rollout.
  if (progress.reason === "ProgressDeadlineExceeded" || progress.reason === "NewReplicaSetAvailable") return undefined;
  return Math.max(0, Date.parse(progress.lastUpdateTime ?? "") + deadlineMs - nowMs) + TIME_GRAIN_MS;
}

function withProgress(
  rollout: Rollout,
  status: DeploymentStatus,
  { now, nowMs }: { readonly now: string; readonly nowMs: number },
): readonly DeploymentCondition[] {
  const { deployment, current } = rollout;
  const conditions = status.conditions ?? [];
  if (progressDeadlineMs(deployment) === undefined) return withoutCondition(conditions, "Progressing");
  const before = conditionOf(conditions, "Progressing");
  if (before?.reason === "NewReplicaSetAvailable" && status.replicas === status.updatedReplicas) return conditions;

  const who =
    current === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${current.metadata.name}"`;
  const finding = (status: "True" | "False", reason: string, what: string): Finding => ({
    ...{ type: "Progressing", status, reason },
    message: `${who} ${what}.`,
  });
  if (isComplete(deployment, status)) {
    return withCondition(conditions, finding("True", "NewReplicaSetAvailable", "has successfully progressed"), now);
  }
  if (hasProgressed(deployment.status, status)) {
    return withNewCondition(conditions, finding("True", "ReplicaSetUpdated", "is progressing"), now);
  }
  if (isTimedOut(deployment, before, nowMs)) {
    return withCondition(conditions, finding("False", "ProgressDeadlineExceeded", "has timed out progressing"), now);
  }
  return conditions;
}

/** Whether pods were updated, removed, became ready or available since the last look. */
function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function isTimedOut(deployment: Deployment, progress: DeploymentCondition | undefined, nowMs: number): boolean {
  const deadlineMs = progressDeadlineMs(deployment);
  if (deadlineMs === undefined || progress === undefined || progress.reason === "NewReplicaSetAvailable") return false;
  if (progress.reason === "ProgressDeadlineExceeded") return true;
  return Date.parse(progress.lastUpdateTime ?? "") + deadlineMs < nowMs;
}

/** Why a ReplicaSet cannot make its pods; of several the current one's reason. */
function replicaFailure(rollout: Rollout): DeploymentCondition | undefined {
  const failureOf = ({ status }: ReplicaSet) => conditionOf(status.conditions, "ReplicaFailure");
  const { current } = rollout;
  const failure =
    (current && failureOf(current)) ??
    allOf(rollout)
      .map(failureOf)
      .find((found) => found !== undefined);
  return failure && { ...failure, lastUpdateTime: failure.lastTransitionTime };
}

function withFailure(
  conditions: readonly DeploymentCondition[],
  failure: DeploymentCondition,
): readonly DeploymentCondition[] {
  const before = conditionOf(conditions, "ReplicaFailure");
  if (before?.status === failure.status && before.reason === failure.reason) return conditions;
  return [...withoutCondition(conditions, "ReplicaFailure"), failure];
}
