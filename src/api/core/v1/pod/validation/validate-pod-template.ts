import type { FieldError } from "../../../../field-error.ts";
import { forbidden } from "../../../../field-error.ts";
import { validateLabels } from "../../../../meta/v1/validate-labels.ts";
import { validateAnnotations } from "../../../../meta/v1/validate-object-meta.ts";
import type { PodTemplateSpec } from "../pod-template.ts";
import { validatePodAnnotations } from "./validate-pod.ts";
import { validatePodSpec } from "./validate-pod-spec.ts";

/** What is wrong with what pods are made from. Upstream's paths leave out the `metadata` of labels and annotations. */
export function validatePodTemplate({ metadata, spec }: PodTemplateSpec, path: string): FieldError[] {
  return [
    ...validateLabels(metadata.labels, `${path}.labels`),
    ...validateAnnotations(metadata.annotations ?? {}, `${path}.annotations`),
    ...validatePodAnnotations(metadata.annotations, spec, `${path}.annotations`),
    ...validatePodSpec(spec, `${path}.spec`),
    ...((spec.ephemeralContainers ?? []).length > 0
      ? [forbidden(`${path}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template")]
      : []),
  ];
}
