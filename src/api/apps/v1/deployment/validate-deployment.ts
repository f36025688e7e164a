import type { FieldError } from "../../../field-error.ts";
import { invalid } from "../../../field-error.ts";
import { validateImmutable } from "../../../immutable.ts";
import { validateAtMost, validateNotNegative } from "../validate-counts.ts";
import { validateReplicatedTemplate } from "../validate-replicated-template.ts";
import type { Deployment, DeploymentSpec, DeploymentStatus } from "./deployment-schema.ts";
import { validateDeploymentStrategy } from "./validate-deployment-strategy.ts";

/** What is wrong with a Deployment, and on an update also with what was changed. */
export function validateDeployment({ spec, status }: Deployment, previous?: Deployment): FieldError[] {
  const errors = validateSpec(spec);
  if (previous === undefined) return errors;
  return [
    ...errors,
    ...validateImmutable(spec.selector, previous.spec.selector, "spec.selector"),
    ...validateStatus(status, previous.status),
  ];
}

function validateSpec(spec: DeploymentSpec): FieldError[] {
  const { minReadySeconds = 0, progressDeadlineSeconds } = spec;
  return [
    ...validateNotNegative(spec, ["replicas"], "spec"),
    ...validateReplicatedTemplate(spec, "spec"),
    ...validateDeploymentStrategy(spec.strategy, "spec.strategy"),
    ...validateNotNegative(spec, ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"], "spec"),
    ...(progressDeadlineSeconds > minReadySeconds
      ? []
      : [invalid("spec.progressDeadlineSeconds", progressDeadlineSeconds, "must be greater than minReadySeconds")]),
  ];
}

const COUNTS = [
  "observedGeneration",
  "replicas",
  "updatedReplicas",
  "readyReplicas",
  "availableReplicas",
  "unavailableReplicas",
  "terminatingReplicas",
  "collisionCount",
] as const;

function validateStatus(status: DeploymentStatus, previous: DeploymentStatus): FieldError[] {
  const { collisionCount = 0 } = status;
  const partOfAll = ["updatedReplicas", "readyReplicas", "availableReplicas"] as const;
  return [
    ...validateNotNegative(status, COUNTS, "status"),
    ...partOfAll.flatMap((count) => validateAtMost(status, count, "replicas", "status.replicas")),
    ...validateAtMost(status, "availableReplicas", "readyReplicas", "readyReplicas"),
    // A count that went down would make the controller choose a name that is taken.
    ...(collisionCount < (previous.collisionCount ?? 0)
      ? [invalid("status.collisionCount", collisionCount, "cannot be decremented")]
      : []),
  ];
}
