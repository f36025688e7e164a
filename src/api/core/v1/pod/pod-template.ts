import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct } from "../../../schema.ts";
import { podSpecSchema } from "./pod.ts";
import { withPodSpecDefaults } from "./pod-defaults.ts";

export const podTemplateSpecSchema = struct("io.k8s.api.core.v1.PodTemplateSpec", "What pods are made from.", {
  metadata: field(1, objectMetaSchema, "Labels and annotations that the pods get.", { present: true }),
  spec: field(2, podSpecSchema, "What the pods are to be.", { present: true }),
});
export type PodTemplateSpec = Infer<typeof podTemplateSpecSchema>;

/** Fills in what a template leaves open. What only Pods have is filled in when a pod is made from it. */
export function withPodTemplateDefaults(template: PodTemplateSpec): PodTemplateSpec {
  return { ...template, spec: withPodSpecDefaults(template.spec) };
}
