import type { FieldError } from "../../../../field-error.ts";
import { forbidden, invalid } from "../../../../field-error.ts";
import { dnsSubdomainProblems } from "../../../../names.ts";
import { ANNOTATION } from "../../../../well-known.ts";
import type { Pod, PodSpec } from "../pod-schema.ts";
import { validatePodResize } from "./validate-pod-resize.ts";
import { validatePodSpec } from "./validate-pod-spec.ts";
import { validatePodStatus } from "./validate-pod-status.ts";
import { validatePodUpdate } from "./validate-pod-update.ts";
import { validateProfileAnnotations } from "./validate-profile-annotations.ts";

/** What is wrong with a new Pod; on an update, with the change and with the changed Pod. */
export function validatePod(pod: Pod, previous?: Pod, subresource = ""): FieldError[] {
  if (previous !== undefined && subresource === "resize") {
    return [...validateWholePod(pod), ...validatePodResize(pod, previous)];
  }
  if (previous !== undefined) return [...validatePodUpdate(pod, previous), ...validatePodStatus(pod, previous)];
  return [
    ...validateWholePod(pod),
    ...((pod.spec.ephemeralContainers ?? []).length > 0
      ? [forbidden("spec.ephemeralContainers", "cannot be set on create")]
      : []),
    ...validateImagesOfPod(pod),
  ];
}

/** What is wrong with a Pod, whatever it was before. */
function validateWholePod({ metadata, spec }: Pod): FieldError[] {
  return [
    ...validatePodAnnotations(metadata.annotations, spec, "metadata.annotations"),
    ...validatePodSpec(spec, "spec"),
  ];
}

/** What is wrong with the annotations that mean something in a Pod or a template. */
export function validatePodAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  spec: PodSpec,
  path: string,
): FieldError[] {
  const mirror = annotations?.[ANNOTATION.mirrorPod];
  return [
    ...(mirror === undefined || (spec.nodeName ?? "") !== ""
      ? []
      : [
          invalid(`${path}[${ANNOTATION.mirrorPod}]`, mirror, "must set spec.nodeName if mirror pod annotation is set"),
        ]),
    ...validateProfileAnnotations(annotations ?? {}, spec, path),
  ];
}

/** Pods are stricter than templates: white space around an image is refused. */
function validateImagesOfPod({ spec }: Pod): FieldError[] {
  return (["containers", "initContainers"] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap(({ image }, index) => validateImageSpace(image, `spec.${list}[${index}].image`)),
  );
}

/** What is wrong with the white space of an image. */
export function validateImageSpace(image: string, path: string): FieldError[] {
  return image === image.trim() ? [] : [invalid(path, image, "must not have leading or trailing whitespace")];
}

/** Which names a Pod may have. */
export const podNameProblems = dnsSubdomainProblems;
