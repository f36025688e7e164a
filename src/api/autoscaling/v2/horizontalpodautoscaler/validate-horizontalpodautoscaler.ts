import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { invalid, notSupported, required } from "../../../field-error.ts";
import { quantityOf } from "../../../quantity.ts";
import type { HPAScalingPolicy, HPAScalingRules } from "./behavior.ts";
import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler-schema.ts";
import type { ReferenceRules } from "./validate-metrics.ts";
import { apiVersionProblem, validateMetrics, validateReference } from "./validate-metrics.ts";

const PERIOD_SECONDS_MAX = 1_800;
const STABILIZATION_SECONDS_MAX = 3_600;

/** Source: upstream's pkg/apis/autoscaling/validation, with the feature gate HPAScaleToZero off. */
export function validateHorizontalPodAutoscaler(
  hpa: HorizontalPodAutoscaler,
  previous?: HorizontalPodAutoscaler,
): readonly FieldError[] {
  // Only a write to the status changes it, and leaves the spec alone.
  if (previous !== undefined && !deepEqual(hpa.status, previous.status)) return validateStatus(hpa);
  const { minReplicas, maxReplicas, scaleTargetRef, metrics = [], behavior } = hpa.spec;
  const minReplicasLeast = previous?.spec.minReplicas === 0 ? 0 : 1;
  return [
    ...(minReplicas !== undefined && minReplicas < minReplicasLeast
      ? [invalid("spec.minReplicas", minReplicas, `must be greater than or equal to ${minReplicasLeast}`)]
      : []),
    ...(maxReplicas < 1 ? [invalid("spec.maxReplicas", maxReplicas, "must be greater than 0")] : []),
    ...(minReplicas !== undefined && maxReplicas < minReplicas
      ? [invalid("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`")]
      : []),
    ...validateReference(scaleTargetRef, "spec.scaleTargetRef", targetRules(hpa, previous)),
    ...validateMetrics(metrics, minReplicas, objectRules(previous)),
    ...validateRules(behavior?.scaleUp, "spec.behavior.scaleUp"),
    ...validateRules(behavior?.scaleDown, "spec.behavior.scaleDown"),
  ];
}

function validateStatus({ status }: HorizontalPodAutoscaler): readonly FieldError[] {
  const { currentReplicas = 0, desiredReplicas } = status;
  const negative = "must be greater than or equal to 0";
  return [
    ...(currentReplicas < 0 ? [invalid("status.currentReplicas", currentReplicas, negative)] : []),
    ...(desiredReplicas < 0 ? [invalid("status.desiredReplicas", desiredReplicas, negative)] : []),
  ];
}

/** An unchanged reference stays valid. Of the workloads that can be scaled, only ReplicationControllers are in the core group. */
function targetRules({ spec }: HorizontalPodAutoscaler, previous: HorizontalPodAutoscaler | undefined): ReferenceRules {
  const { apiVersion = "", kind } = spec.scaleTargetRef;
  const before = previous?.spec.scaleTargetRef;
  if (before !== undefined && (before.apiVersion ?? "") === apiVersion && before.kind === kind) return "anyVersion";
  return kind === "ReplicationController" ? "anyGroup" : "groupNeeded";
}

function objectRules(previous: HorizontalPodAutoscaler | undefined): ReferenceRules {
  const wasInvalid = previous?.spec.metrics?.some(
    ({ type, object }) =>
      type === "Object" && object !== undefined && apiVersionProblem(object.describedObject, "anyGroup") !== undefined,
  );
  return wasInvalid === true ? "anyVersion" : "anyGroup";
}

const SELECT_POLICIES = ["Disabled", "Max", "Min"];
const POLICY_TYPES = ["Percent", "Pods"];

function validateRules(rules: HPAScalingRules | undefined, path: string): readonly FieldError[] {
  if (rules === undefined) return [];
  const { stabilizationWindowSeconds: seconds, selectPolicy, policies = [], tolerance } = rules;
  return [
    ...(seconds !== undefined && seconds < 0
      ? [invalid(`${path}.stabilizationWindowSeconds`, seconds, "must be greater than or equal to zero")]
      : []),
    ...(seconds !== undefined && seconds > STABILIZATION_SECONDS_MAX
      ? [
          invalid(
            `${path}.stabilizationWindowSeconds`,
            seconds,
            `must be less than or equal to ${STABILIZATION_SECONDS_MAX}`,
          ),
        ]
      : []),
    ...(selectPolicy !== undefined && !SELECT_POLICIES.includes(selectPolicy)
      ? [notSupported(`${path}.selectPolicy`, selectPolicy, SELECT_POLICIES)]
      : []),
    ...(policies.length === 0 ? [required(`${path}.policies`, "must specify at least one Policy")] : []),
    ...policies.flatMap((policy, index) => validatePolicy(policy, `${path}.policies[${index}]`)),
    ...(tolerance !== undefined && quantityOf(tolerance).nanos < 0n
      ? [invalid(`${path}.tolerance`, tolerance, "must be greater than or equal to 0")]
      : []),
  ];
}

function validatePolicy({ type, value, periodSeconds }: HPAScalingPolicy, path: string): readonly FieldError[] {
  return [
    ...(POLICY_TYPES.includes(type) ? [] : [notSupported(`${path}.type`, type, POLICY_TYPES)]),
    ...(value <= 0 ? [invalid(`${path}.value`, value, "must be greater than zero")] : []),
    ...(periodSeconds <= 0 ? [invalid(`${path}.periodSeconds`, periodSeconds, "must be greater than zero")] : []),
    ...(periodSeconds > PERIOD_SECONDS_MAX
      ? [invalid(`${path}.periodSeconds`, periodSeconds, `must be less than or equal to ${PERIOD_SECONDS_MAX}`)]
      : []),
  ];
}
