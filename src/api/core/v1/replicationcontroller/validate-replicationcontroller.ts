import { validateAtMost, validateNotNegative } from "../../../apps/v1/validate-counts.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, notSupported, required } from "../../../field-error.ts";
import type { PodTemplateSpec } from "../pod/pod-template.ts";
import { validatePodTemplate } from "../pod/validation/validate-pod-template.ts";
import type {
  ReplicationController,
  ReplicationControllerSpec,
  ReplicationControllerStatus,
} from "./replicationcontroller-schema.ts";

/** What is wrong with a ReplicationController, and on an update also with its status. Its selector may change. */
export function validateReplicationController(
  { spec, status }: ReplicationController,
  previous?: ReplicationController,
): FieldError[] {
  return [...validateSpec(spec), ...(previous === undefined ? [] : validateStatus(status))];
}

function validateSpec(spec: ReplicationControllerSpec): FieldError[] {
  const { selector = {}, template } = spec;
  return [
    ...validateNotNegative(spec, ["minReadySeconds"], "spec"),
    ...(Object.keys(selector).length === 0 ? [required("spec.selector")] : []),
    ...validateNotNegative(spec, ["replicas"], "spec"),
    ...(template === undefined ? [required("spec.template")] : validateTemplate(template, selector)),
  ];
}

function validateTemplate(template: PodTemplateSpec, selector: Readonly<Record<string, string>>): FieldError[] {
  const { labels } = template.metadata;
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  const path = "spec.template";
  const has = (key: string, value: string) =>
    labels !== undefined && Object.hasOwn(labels, key) && labels[key] === value;
  const isSelected = Object.entries(selector).every(([key, value]) => has(key, value));
  return [
    ...(isSelected ? [] : [invalid(`${path}.metadata.labels`, labels, "`selector` does not match template `labels`")]),
    ...validatePodTemplate(template, path),
    ...(restartPolicy === "Always" ? [] : [notSupported(`${path}.spec.restartPolicy`, restartPolicy, ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [
          forbidden(
            `${path}.spec.activeDeadlineSeconds`,
            "activeDeadlineSeconds in ReplicationController is not Supported",
          ),
        ]),
  ];
}

function validateStatus(status: ReplicationControllerStatus): FieldError[] {
  const pods = ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
  return [
    ...validateNotNegative(status, [...pods, "observedGeneration"], "status"),
    ...pods.slice(1).flatMap((count) => validateAtMost(status, count, "replicas", "status.replicas")),
    ...validateAtMost(status, "availableReplicas", "readyReplicas", "readyReplicas"),
  ];
}
