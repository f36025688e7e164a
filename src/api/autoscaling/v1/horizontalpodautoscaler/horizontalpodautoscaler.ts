import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { withHorizontalPodAutoscalerDefaults } from "./horizontalpodautoscaler-defaults.ts";
import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler-schema.ts";
import { horizontalPodAutoscalerSchema } from "./horizontalpodautoscaler-schema.ts";

export type * from "./horizontalpodautoscaler-schema.ts";

export const horizontalPodAutoscalerKind = defineKind<HorizontalPodAutoscaler>({
  group: "autoscaling",
  version: "v1",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  namespaced: true,
  schema: horizontalPodAutoscalerSchema,
  withDefaults: withHorizontalPodAutoscalerDefaults,
  validateName: dnsSubdomainProblems,
});
