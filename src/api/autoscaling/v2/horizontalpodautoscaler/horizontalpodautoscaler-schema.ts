import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";
import { horizontalPodAutoscalerBehaviorSchema } from "./behavior.ts";
import { metricStatusSchema } from "./metric-status.ts";
import { crossVersionObjectReferenceSchema, metricSpecSchema } from "./metrics.ts";

export const horizontalPodAutoscalerSpecSchema = struct(
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec",
  "Which workload is scaled, by which metrics and how far.",
  {
    scaleTargetRef: field(1, crossVersionObjectReferenceSchema, "Workload to scale.", { required: true }),
    minReplicas: field(2, t.int32, "Least number of pods. Default: 1.", { keepEmpty: true }),
    maxReplicas: field(3, t.int32, "Largest number of pods.", { required: true }),
    metrics: field(
      4,
      list(metricSpecSchema),
      "Metrics. The one that asks for most pods counts. Default: 80 percent of the requested cpu.",
    ),
    behavior: field(5, horizontalPodAutoscalerBehaviorSchema, "How fast the number of pods changes."),
  },
);
export type HorizontalPodAutoscalerSpec = Infer<typeof horizontalPodAutoscalerSpecSchema>;

export const horizontalPodAutoscalerConditionSchema = struct(
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition",
  "A condition of an autoscaler.",
  {
    type: field(1, t.string, "AbleToScale, ScalingActive or ScalingLimited.", { required: true }),
    status: field(2, t.string, "True, False or Unknown.", { required: true }),
    lastTransitionTime: field(3, t.time, "When the status last changed."),
    reason: field(4, t.string, "One word, in CamelCase, for programs."),
    message: field(5, t.string, "A sentence for people."),
  },
);
export type HorizontalPodAutoscalerCondition = Infer<typeof horizontalPodAutoscalerConditionSchema>;

export const horizontalPodAutoscalerStatusSchema = struct(
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus",
  "What the autoscaler observed and decided.",
  {
    observedGeneration: field(1, t.int64, "Generation of the object that the status is about.", { keepEmpty: true }),
    lastScaleTime: field(2, t.time, "When the number of pods last changed."),
    currentReplicas: field(3, t.int32, "Number of pods when it was last observed."),
    desiredReplicas: field(4, t.int32, "Number of pods that the autoscaler last computed.", { required: true }),
    currentMetrics: field(5, list(metricStatusSchema), "Values of the metrics.", { filled: true }),
    conditions: field(
      6,
      list(horizontalPodAutoscalerConditionSchema, {
        listType: "map",
        mapKeys: ["type"],
        mergeKey: "type",
        patchStrategy: "merge",
      }),
      "Whether the autoscaler can scale, and is limited.",
    ),
  },
);
export type HorizontalPodAutoscalerStatus = Infer<typeof horizontalPodAutoscalerStatusSchema>;

export const horizontalPodAutoscalerSchema = struct(
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
  "Changes the number of pods of a workload by metrics.",
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
