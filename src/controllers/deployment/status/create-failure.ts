import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import { withFinding } from "../steps/rollout.ts";
import { progressDeadlineMs } from "./conditions.ts";

/** The Deployment that has to name its ReplicaSet differently: the name belongs to another template. */
export function withCollision(deployment: Deployment): Deployment {
  const { status } = deployment;
  return { ...deployment, status: { ...status, collisionCount: (status.collisionCount ?? 0) + 1 } };
}

/** The Deployment whose ReplicaSet was refused. The same object where progress is not tracked. */
export function withCreateFailure(deployment: Deployment, message: string, now: string): Deployment {
  if (progressDeadlineMs(deployment) === undefined) return deployment;
  return withFinding(
    deployment,
    { type: "Progressing", status: "False", reason: "ReplicaSetCreateError", message },
    now,
  );
}
