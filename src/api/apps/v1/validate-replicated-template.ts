import type { PodTemplateSpec } from "../../core/v1/pod/pod-template.ts";
import { validatePodTemplate } from "../../core/v1/pod/validation/validate-pod-template.ts";
import type { FieldError } from "../../field-error.ts";
import { forbidden, invalid, notSupported, required } from "../../field-error.ts";
import type { LabelSelector } from "../../meta/v1/label-selector.ts";
import { validateLabelSelector } from "../../meta/v1/validate-labels.ts";
import { requirementsOf } from "../../selectors/label-selector.ts";
import { meetsAll } from "../../selectors/requirement.ts";

/** The part of a Deployment or ReplicaSet that says which pods are its own. */
interface ReplicatedSpec {
  /** Absent in what was not checked yet. */
  readonly selector?: LabelSelector;
  readonly template: PodTemplateSpec;
}

/** What is wrong with the selector and the template of a Deployment or ReplicaSet; upstream has the same words for both. */
export function validateReplicatedTemplate({ selector, template }: ReplicatedSpec, path: string): FieldError[] {
  const problems = validateLabelSelector(selector, `${path}.selector`);
  return [
    ...(selector === undefined ? [required(`${path}.selector`)] : []),
    ...problems,
    ...(selector !== undefined && requirementsOf(selector).length === 0
      ? [invalid(`${path}.selector`, selector, "empty selector is invalid for deployment")]
      : []),
    ...(problems.length > 0
      ? [invalid(`${path}.selector`, selector, "invalid label selector")]
      : validateTemplate(template, selector, `${path}.template`)),
  ];
}

function validateTemplate(template: PodTemplateSpec, selector: LabelSelector | undefined, path: string): FieldError[] {
  const { labels } = template.metadata;
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  const isSelected = selector !== undefined && meetsAll(requirementsOf(selector), labels);
  return [
    ...(isSelected ? [] : [invalid(`${path}.metadata.labels`, labels, "`selector` does not match template `labels`")]),
    ...validatePodTemplate(template, path),
    ...(restartPolicy === "Always" ? [] : [notSupported(`${path}.spec.restartPolicy`, restartPolicy, ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [forbidden(`${path}.spec.activeDeadlineSeconds`, "activeDeadlineSeconds in ReplicaSet is not Supported")]),
  ];
}
