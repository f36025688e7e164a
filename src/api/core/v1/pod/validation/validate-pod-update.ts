import { changedFields } from "../../../../changed-fields.ts";
import type { FieldError } from "../../../../field-error.ts";
import { forbidden, invalid, required } from "../../../../field-error.ts";
import { rangeProblems } from "../../../../names.ts";
import type { Toleration } from "../affinity.ts";
import type { Container } from "../container.ts";
import type { Pod, PodSpec } from "../pod-schema.ts";
import { validateTolerations } from "./validate-tolerations.ts";

const INT32_MAX = 2 ** 31 - 1;

const UPDATABLE =
  "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
  "`spec.tolerations` (only additions to existing tolerations)," +
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** What an update changes that may not change. Very little of a Pod may. */
export function validatePodUpdate(pod: Pod, previous: Pod): FieldError[] {
  const { spec } = pod;
  const listErrors = [
    ...validateImages(spec.containers, previous.spec.containers, "spec.containers"),
    ...validateImages(spec.initContainers ?? [], previous.spec.initContainers ?? [], "spec.initContainers"),
  ];
  if (listErrors.some(({ reason }) => reason === "FieldValueForbidden")) return listErrors;

  const deadlineErrors = validateDeadline(spec, previous.spec);
  const changed =
    deadlineErrors.length > 0 ? [] : changedFields("spec", updatableUndone(spec, previous.spec), previous.spec);
  return [
    ...listErrors,
    ...deadlineErrors,
    ...validateAddedTolerations(spec, previous.spec),
    ...validateRemovedGates(spec, previous.spec),
    ...(changed.length === 0
      ? []
      : [forbidden("spec", `pod updates may not change fields other than ${UPDATABLE}\n${changed.join("\n")}`)]),
  ];
}

function validateImages(containers: readonly Container[], previous: readonly Container[], path: string): FieldError[] {
  if (containers.length !== previous.length) return [forbidden(path, "pod updates may not add or remove containers")];
  return containers.flatMap(({ image }, index) => {
    const at = `${path}[${index}].image`;
    if (image === "") return [required(at)];
    return image === image.trim() ? [] : [invalid(at, image, "must not have leading or trailing whitespace")];
  });
}

/** A deadline may be set, and brought forward. */
function validateDeadline(spec: PodSpec, previous: PodSpec): FieldError[] {
  const path = "spec.activeDeadlineSeconds";
  const seconds = spec.activeDeadlineSeconds;
  const before = previous.activeDeadlineSeconds;
  if (seconds === undefined) {
    return before === undefined ? [] : [invalid(path, null, "must not update from a positive integer to nil value")];
  }
  const [outOfRange] = rangeProblems(seconds, 0, INT32_MAX);
  if (outOfRange !== undefined) return [invalid(path, seconds, outOfRange)];
  if (before === undefined || seconds <= before) return [];
  return [invalid(path, seconds, "must be less than or equal to previous value")];
}

function validateAddedTolerations(spec: PodSpec, previous: PodSpec): FieldError[] {
  const path = "spec.tolerations";
  const tolerations = spec.tolerations ?? [];
  const withoutSeconds = ({ key, operator, value, effect }: Toleration) =>
    JSON.stringify([key, operator, value, effect]);
  const now = new Set(tolerations.map(withoutSeconds));
  const isKept = (previous.tolerations ?? []).every((old) => now.has(withoutSeconds(old)));
  if (!isKept) return [forbidden(path, "existing toleration can not be modified except its tolerationSeconds")];
  return validateTolerations(tolerations, path);
}

function validateRemovedGates(spec: PodSpec, previous: PodSpec): FieldError[] {
  const before = new Set((previous.schedulingGates ?? []).map(({ name }) => name));
  const added = (spec.schedulingGates ?? []).filter(({ name }) => !before.has(name));
  if (added.length === 0) return [];
  return [
    forbidden("spec.schedulingGates", `only deletion is allowed, but found new scheduling gate '${added[0]?.name}'`),
  ];
}

/** The new spec with all that may change set back. */
function updatableUndone(spec: PodSpec, previous: PodSpec): PodSpec {
  const graceIsFixed = previous.terminationGracePeriodSeconds < 0 && spec.terminationGracePeriodSeconds === 1;
  const isGated = (previous.schedulingGates ?? []).length > 0;
  const onlyAddsSelectors = Object.entries(previous.nodeSelector ?? {}).every(([k, v]) => spec.nodeSelector?.[k] === v);
  return {
    ...spec,
    containers: withImagesOf(spec.containers, previous.containers),
    ...(spec.initContainers !== undefined && {
      initContainers: withImagesOf(spec.initContainers, previous.initContainers ?? []),
    }),
    activeDeadlineSeconds: previous.activeDeadlineSeconds,
    tolerations: previous.tolerations,
    schedulingGates: previous.schedulingGates,
    ...(graceIsFixed && { terminationGracePeriodSeconds: previous.terminationGracePeriodSeconds }),
    ...(isGated && onlyAddsSelectors && { nodeSelector: previous.nodeSelector }),
  };
}

function withImagesOf(containers: readonly Container[], previous: readonly Container[]): readonly Container[] {
  return containers.map((container, index) => ({ ...container, image: previous[index]?.image ?? container.image }));
}
