import { validatePodTemplate } from "../../../core/v1/pod/validation/validate-pod-template.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, notSupported, required } from "../../../field-error.ts";
import { validateImmutable } from "../../../immutable.ts";
import { validateLabelSelector } from "../../../meta/v1/validate-labels.ts";
import { requirementsOf } from "../../../selectors/label-selector.ts";
import { meetsAll } from "../../../selectors/requirement.ts";
import { validateNotNegative } from "../validate-counts.ts";
import { amountOf, validateAtMostAll, validateNumberOrPercent } from "../validate-number-or-percent.ts";
import type {
  DaemonSet,
  DaemonSetSpec,
  DaemonSetStatus,
  DaemonSetUpdateStrategy,
  RollingUpdateDaemonSet,
} from "./daemonset-schema.ts";

/** What is wrong with a DaemonSet, and on an update also with what was changed. */
export function validateDaemonSet({ spec, status }: DaemonSet, previous?: DaemonSet): FieldError[] {
  const errors = validateSpec(spec);
  if (previous === undefined) return errors;
  return [
    ...validateImmutable(spec.selector, previous.spec.selector, "spec.selector"),
    ...errors,
    ...validateStatus(status, previous.status),
  ];
}

function validateSpec(spec: DaemonSetSpec): FieldError[] {
  return [
    ...validateSelector(spec),
    ...validateTemplate(spec),
    ...validateNotNegative(spec, ["minReadySeconds"], "spec"),
    ...validateStrategy(spec.updateStrategy, "spec.updateStrategy"),
    ...validateNotNegative(spec, ["revisionHistoryLimit"], "spec"),
  ];
}

function validateSelector({ selector, template }: Partial<DaemonSetSpec>): FieldError[] {
  const problems = validateLabelSelector(selector, "spec.selector");
  const labels = template?.metadata.labels;
  // An absent selector selects nothing; one that is malformed is compared with nothing.
  const isSelected = selector !== undefined && problems.length === 0 && meetsAll(requirementsOf(selector), labels);
  const isEmpty = selector !== undefined && requirementsOf(selector).length === 0;
  return [
    ...problems,
    ...(isSelected || problems.length > 0
      ? []
      : [invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")]),
    ...(isEmpty ? [invalid("spec.selector", selector, "empty selector is invalid for daemonset")] : []),
  ];
}

function validateTemplate({ template }: DaemonSetSpec): FieldError[] {
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  const path = "spec.template";
  return [
    ...validatePodTemplate(template, path),
    ...(restartPolicy === "Always" ? [] : [notSupported(`${path}.spec.restartPolicy`, restartPolicy, ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [forbidden(`${path}.spec.activeDeadlineSeconds`, "activeDeadlineSeconds in DaemonSet is not Supported")]),
  ];
}

const STRATEGIES = ["RollingUpdate", "OnDelete"];

function validateStrategy({ type, rollingUpdate }: DaemonSetUpdateStrategy, path: string): FieldError[] {
  if (type === "OnDelete") return [];
  // Upstream shows its own struct there, with the names that its fields have in Go.
  if (!STRATEGIES.includes(type)) return [notSupported(path, { Type: type, RollingUpdate: null }, STRATEGIES)];
  if (rollingUpdate === undefined) return [required(`${path}.rollingUpdate`)];
  return validateRollingUpdate(rollingUpdate, `${path}.rollingUpdate`);
}

function validateRollingUpdate(rollingUpdate: RollingUpdateDaemonSet, path: string): FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate;
  const [unavailable, surge] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0];
  return [
    ...validateNumberOrPercent(maxUnavailable, `${path}.maxUnavailable`),
    ...validateNumberOrPercent(maxSurge, `${path}.maxSurge`),
    ...validateAtMostAll(maxUnavailable, `${path}.maxUnavailable`),
    ...validateAtMostAll(maxSurge, `${path}.maxSurge`),
    ...(unavailable && surge
      ? [invalid(`${path}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero")]
      : []),
    ...(unavailable || surge ? [] : [required(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0")]),
  ];
}

const COUNTS = [
  "currentNumberScheduled",
  "numberMisscheduled",
  "desiredNumberScheduled",
  "numberReady",
  "observedGeneration",
  "updatedNumberScheduled",
  "numberAvailable",
  "numberUnavailable",
  "collisionCount",
] as const;

function validateStatus(status: DaemonSetStatus, previous: DaemonSetStatus): FieldError[] {
  const { collisionCount = 0 } = status;
  return [
    ...validateNotNegative(status, COUNTS, "status"),
    ...(collisionCount < (previous.collisionCount ?? 0)
      ? [invalid("status.collisionCount", collisionCount, "cannot be decremented")]
      : []),
  ];
}
