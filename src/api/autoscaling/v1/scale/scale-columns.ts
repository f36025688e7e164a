import type { Column } from "../../../column.ts";
import { ageColumn, integerColumn, nameColumn } from "../../../columns.ts";
import type { Scale } from "./scale-schema.ts";

/** What `kubectl get --subresource=scale` prints. */
export const scaleColumns: readonly Column<Scale>[] = [
  nameColumn,
  integerColumn("Desired", "How many pods are wanted.", ({ spec }) => spec.replicas ?? 0),
  integerColumn("Available", "How many pods there are.", ({ status }) => status.replicas),
  ageColumn,
];
