import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from "./behavior.ts";
import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler-schema.ts";
import type { MetricSpec } from "./metrics.ts";
import { withoutRoundTrip } from "./round-trip-annotations.ts";

/** Upstream's `DefaultCPUUtilization`, in percent. */
const CPU_UTILIZATION = 80;

/** What is measured where no metric is given. */
export const defaultMetrics: readonly MetricSpec[] = [
  { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_UTILIZATION } } },
];

const SCALE_UP: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ],
};

/** The stabilization window of scaling down is the controller's to choose. */
const SCALE_DOWN: HPAScalingRules = {
  selectPolicy: "Max",
  policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
};

/** Fills in defaults as upstream's `pkg/apis/autoscaling/v2/defaults.go`, and drops the annotations of `autoscaling/v1`. */
export function withHorizontalPodAutoscalerDefaults(hpa: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const { minReplicas = 1, metrics = [], behavior } = hpa.spec;
  return {
    ...hpa,
    metadata: withoutRoundTrip(hpa.metadata),
    spec: {
      ...hpa.spec,
      minReplicas,
      metrics: metrics.length === 0 ? defaultMetrics : metrics,
      ...(behavior !== undefined && { behavior: withRules(behavior) }),
    },
  };
}

function withRules({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): HorizontalPodAutoscalerBehavior {
  return { scaleUp: { ...SCALE_UP, ...scaleUp }, scaleDown: { ...SCALE_DOWN, ...scaleDown } };
}
