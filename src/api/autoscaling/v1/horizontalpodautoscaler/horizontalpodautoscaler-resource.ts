import { convertEach, type ResourceDefinition } from "../../../resource-definition.ts";
import { horizontalPodAutoscalerKind as horizontalPodAutoscalerV2Kind } from "../../v2/horizontalpodautoscaler/horizontalpodautoscaler.ts";
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV2 } from "../../v2/horizontalpodautoscaler/horizontalpodautoscaler-schema.ts";
import { fromV2, toV2 } from "./convert-horizontalpodautoscaler.ts";
import { horizontalPodAutoscalerKind } from "./horizontalpodautoscaler.ts";
import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler-schema.ts";

/** HorizontalPodAutoscalers in both versions. They are stored in `autoscaling/v2`, as upstream does. */
export const horizontalPodAutoscalerResource: ResourceDefinition = {
  storage: horizontalPodAutoscalerV2Kind,
  versions: [
    { kind: horizontalPodAutoscalerV2Kind },
    {
      kind: horizontalPodAutoscalerKind,
      conversion: convertEach<HorizontalPodAutoscaler, HorizontalPodAutoscalerV2>({
        toStorage: toV2,
        fromStorage: fromV2,
      }),
      printedAs: horizontalPodAutoscalerV2Kind,
    },
  ],
};
