import type { FieldError } from "../../../../field-error.ts";
import { invalid } from "../../../../field-error.ts";
import { dnsSubdomainProblems } from "../../../../names.ts";
import type { Pod } from "../pod.ts";
import { validatePodSpec } from "./validate-pod-spec.ts";
import { validatePodStatus } from "./validate-pod-status.ts";
import { validatePodUpdate } from "./validate-pod-update.ts";

const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

/** What is wrong with a new Pod; on an update, with the change and with the changed Pod. */
export function validatePod(pod: Pod, previous?: Pod): FieldError[] {
  if (previous !== undefined) return [...validatePodUpdate(pod, previous), ...validatePodStatus(pod, previous)];
  return [...validateAnnotations(pod), ...validatePodSpec(pod.spec, "spec"), ...validateImagesOfPod(pod)];
}

function validateAnnotations({ metadata, spec }: Pod): FieldError[] {
  const mirror = metadata.annotations?.[MIRROR_ANNOTATION];
  if (mirror === undefined || (spec.nodeName ?? "") !== "") return [];
  const path = `metadata.annotations[${MIRROR_ANNOTATION}]`;
  return [invalid(path, mirror, "must set spec.nodeName if mirror pod annotation is set")];
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
