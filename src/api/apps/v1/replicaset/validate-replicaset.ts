import type { FieldError } from "../../../field-error.ts";
import { validateImmutable } from "../../../immutable.ts";
import { validateAtMost, validateNotNegative } from "../validate-counts.ts";
import { validateReplicatedTemplate } from "../validate-replicated-template.ts";
import type { ReplicaSet, ReplicaSetSpec, ReplicaSetStatus } from "./replicaset-schema.ts";

/** What is wrong with a ReplicaSet, and on an update also with what was changed. */
export function validateReplicaSet({ spec, status }: ReplicaSet, previous?: ReplicaSet): FieldError[] {
  const errors = validateSpec(spec);
  if (previous === undefined) return errors;
  return [
    ...errors,
    ...validateImmutable(spec.selector, previous.spec.selector, "spec.selector"),
    ...validateStatus(status),
  ];
}

function validateSpec(spec: ReplicaSetSpec): FieldError[] {
  return [
    ...validateNotNegative(spec, ["replicas", "minReadySeconds"], "spec"),
    ...validateReplicatedTemplate(spec, "spec"),
  ];
}

function validateStatus(status: ReplicaSetStatus): FieldError[] {
  const pods = ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
  return [
    ...validateNotNegative(status, [...pods, "terminatingReplicas", "observedGeneration"], "status"),
    ...pods.slice(1).flatMap((count) => validateAtMost(status, count, "replicas", "status.replicas")),
    ...validateAtMost(status, "availableReplicas", "readyReplicas", "readyReplicas"),
  ];
}
