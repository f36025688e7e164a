import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct, t } from "../../../schema.ts";

export const scaleSpecSchema = struct("io.k8s.api.autoscaling.v1.ScaleSpec", "How many pods are wanted.", {
  replicas: field(1, t.int32, "How many pods are wanted."),
});
export type ScaleSpec = Infer<typeof scaleSpecSchema>;

export const scaleStatusSchema = struct("io.k8s.api.autoscaling.v1.ScaleStatus", "How many pods there are.", {
  replicas: field(1, t.int32, "How many pods there are.", { required: true }),
  selector: field(2, t.string, "Labels of the pods, as queries have them."),
});
export type ScaleStatus = Infer<typeof scaleStatusSchema>;

export const scaleSchema = struct(
  "io.k8s.api.autoscaling.v1.Scale",
  "How many pods a workload has, in a form that is the same for all workloads.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, scaleSpecSchema, "What is wanted.", { present: true }),
    status: field(3, scaleStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type Scale = Infer<typeof scaleSchema>;
