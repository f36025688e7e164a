import type { Column } from "../../../column.ts";
import { horizontalPodAutoscalerColumns as columnsV2 } from "../../v2/horizontalpodautoscaler/horizontalpodautoscaler-columns.ts";
import { toV2 } from "./convert-horizontalpodautoscaler.ts";
import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler-schema.ts";

/** As upstream: a table shows the same of an object in all of its versions. */
export const horizontalPodAutoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = columnsV2.map((shown) => ({
  ...shown,
  cell: (hpa, now) => shown.cell(toV2(hpa), now),
}));
