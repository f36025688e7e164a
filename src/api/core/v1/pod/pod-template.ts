import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct } from "../../../schema.ts";
import { podSpecSchema } from "./pod-schema.ts";

export const podTemplateSpecSchema = struct("io.k8s.api.core.v1.PodTemplateSpec", "What pods are made from.", {
  metadata: field(1, objectMetaSchema, "Labels and annotations that the pods get.", { present: true }),
  spec: field(2, podSpecSchema, "What the pods are to be.", { present: true }),
});
export type PodTemplateSpec = Infer<typeof podTemplateSpecSchema>;
