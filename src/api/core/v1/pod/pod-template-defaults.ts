import { withPodSpecDefaults } from "./pod-defaults.ts";
import type { PodTemplateSpec } from "./pod-template.ts";

/** Fills in what a template leaves open. What only Pods have is filled in when a pod is made from it. */
export function withPodTemplateDefaults(template: PodTemplateSpec): PodTemplateSpec {
  return { ...template, spec: withPodSpecDefaults(template.spec) };
}
