import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";

export const hpaScalingPolicySchema = struct(
  "io.k8s.api.autoscaling.v2.HPAScalingPolicy",
  "Limits how many pods may be added or removed in a period.",
  {
    type: field(1, t.string, "What value counts: Pods or Percent.", { required: true }),
    value: field(2, t.int32, "Largest change in the period, above 0.", { required: true }),
    periodSeconds: field(3, t.int32, "Length of the period in seconds, from 1 to 1800.", { required: true }),
  },
);
export type HPAScalingPolicy = Infer<typeof hpaScalingPolicySchema>;

export const hpaScalingRulesSchema = struct(
  "io.k8s.api.autoscaling.v2.HPAScalingRules",
  "How fast the number of pods changes in one direction.",
  {
    stabilizationWindowSeconds: field(3, t.int32, "Seconds over which past recommendations count, from 0 to 3600.", {
      keepEmpty: true,
    }),
    selectPolicy: field(1, t.string, "Which policy counts: Max, Min or Disabled. Default: Max.", { keepEmpty: true }),
    policies: field(2, list(hpaScalingPolicySchema), "Policies, at least one.", {
      keepEmpty: true,
    }),
    tolerance: field(4, t.quantity, "Ratio of current and target value around 1 at which nothing is scaled."),
  },
);
export type HPAScalingRules = Infer<typeof hpaScalingRulesSchema>;

export const horizontalPodAutoscalerBehaviorSchema = struct(
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior",
  "How fast the number of pods changes.",
  {
    scaleUp: field(1, hpaScalingRulesSchema, "Rules for adding pods."),
    scaleDown: field(2, hpaScalingRulesSchema, "Rules for removing pods."),
  },
);
export type HorizontalPodAutoscalerBehavior = Infer<typeof horizontalPodAutoscalerBehaviorSchema>;
