import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler-schema.ts";

/** Fills in what an autoscaler leaves open. */
export function withHorizontalPodAutoscalerDefaults(hpa: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  return { ...hpa, spec: { ...hpa.spec, minReplicas: hpa.spec.minReplicas ?? 1 } };
}
