import type { Deployment, DeploymentStatus } from "@fairlead/api/apps/v1/deployment/deployment";
import { rollingLimits } from "../replicasets/limits.ts";
import {
  actualPods,
  allOf,
  availablePods,
  readyPods,
  terminatingPods,
  wantedPods,
} from "../replicasets/replica-sets.ts";
import type { Rollout } from "../steps/rollout.ts";
import { type Finding, withCondition } from "./conditions.ts";

/** What the ReplicaSets say about the Deployment: its counts, and whether enough pods are available. */
export function deploymentStatus(rollout: Rollout, now: string): DeploymentStatus {
  const { deployment, current } = rollout;
  const all = allOf(rollout);
  const available = availablePods(all);
  const { collisionCount, conditions = [] } = deployment.status;
  return {
    observedGeneration: deployment.metadata.generation,
    replicas: actualPods(all),
    updatedReplicas: actualPods(current === undefined ? [] : [current]),
    readyReplicas: readyPods(all),
    availableReplicas: available,
    // While pods are removed there are more than wanted.
    unavailableReplicas: Math.max(0, wantedPods(all) - available),
    terminatingReplicas: terminatingPods(all),
    collisionCount,
    conditions: withCondition(conditions, availability(deployment, available), now),
  };
}

function availability(deployment: Deployment, available: number): Finding {
  return available >= deployment.spec.replicas - rollingLimits(deployment).maxUnavailable
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

/** Whether all pods are of the present template and available, and no others are left. */
export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  return (
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}
