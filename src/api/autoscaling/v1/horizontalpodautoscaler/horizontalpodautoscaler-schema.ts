import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct, t } from "../../../schema.ts";

export const crossVersionObjectReferenceSchema = struct(
  "io.k8s.api.autoscaling.v1.CrossVersionObjectReference",
  "Names an object without its version.",
  {
    kind: field(1, t.string, "Kind of the object.", { required: true }),
    name: field(2, t.string, "Name of the object.", { required: true }),
    apiVersion: field(3, t.string, "API version of the object."),
  },
  { atomic: true },
);

export const horizontalPodAutoscalerSpecSchema = struct(
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec",
  "Which workload is scaled, by its use of cpu and how far.",
  {
    scaleTargetRef: field(1, crossVersionObjectReferenceSchema, "Workload to scale.", { required: true }),
    minReplicas: field(2, t.int32, "Least number of pods. Default: 1.", { keepEmpty: true }),
    maxReplicas: field(3, t.int32, "Largest number of pods.", { required: true }),
    targetCPUUtilizationPercentage: field(
      4,
      t.int32,
      "Average use of cpu to aim at, in percent of what pods request. Default: 80, where there is no other metric.",
      { keepEmpty: true },
    ),
  },
);

export const horizontalPodAutoscalerStatusSchema = struct(
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus",
  "What the autoscaler observed and decided.",
  {
    observedGeneration: field(1, t.int64, "Generation of the object that the status is about.", { keepEmpty: true }),
    lastScaleTime: field(2, t.time, "When the number of pods last changed."),
    currentReplicas: field(3, t.int32, "Number of pods when it was last observed.", { required: true }),
    desiredReplicas: field(4, t.int32, "Number of pods that the autoscaler last computed.", { required: true }),
    currentCPUUtilizationPercentage: field(5, t.int32, "Average use of cpu, in percent of what pods request.", {
      keepEmpty: true,
    }),
  },
);

export const horizontalPodAutoscalerSchema = struct(
  "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
  "Changes the number of pods of a workload by its use of cpu.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, horizontalPodAutoscalerSpecSchema, "What is wanted.", { present: true }),
    status: field(3, horizontalPodAutoscalerStatusSchema, "What was observed. Written by the system.", {
      present: true,
    }),
  },
);
export type HorizontalPodAutoscaler = Infer<typeof horizontalPodAutoscalerSchema>;
