import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import { conditionOf } from "@fairlead/api/condition-of";
import { withFinding } from "../steps/rollout.ts";
import { progressDeadlineMs } from "./conditions.ts";

/** The Deployment with a condition that says that it was paused, or resumed: the time between does not count as without progress. */
export function withPause(deployment: Deployment, now: string): Deployment {
  const reason = conditionOf(deployment.status.conditions, "Progressing")?.reason;
  // A rollout that has failed has failed, paused or not.
  if (progressDeadlineMs(deployment) === undefined || reason === "ProgressDeadlineExceeded") return deployment;
  const isPaused = deployment.spec.paused === true;
  if (isPaused === (reason === "DeploymentPaused")) return deployment;
  const finding = isPaused
    ? { reason: "DeploymentPaused", message: "Deployment is paused" }
    : { reason: "DeploymentResumed", message: "Deployment is resumed" };
  return withFinding(deployment, { type: "Progressing", status: "Unknown", ...finding }, now);
}
