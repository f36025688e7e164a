import type { Column } from "../../../column.ts";
import { ageColumn, column, integerColumn, nameColumn } from "../../../columns.ts";
import { workloadColumns } from "../workload-columns.ts";
import type { Deployment } from "./deployment-schema.ts";

/** What `kubectl get deployments` prints. */
export const deploymentColumns: readonly Column<Deployment>[] = [
  nameColumn,
  column("Ready", "How many pods are ready, of how many.", ({ spec, status }) =>
    [status.readyReplicas ?? 0, spec.replicas].join("/"),
  ),
  countColumn("Up-to-date", "How many pods are made from the current template.", "updatedReplicas"),
  countColumn("Available", "How many pods have been ready for long enough.", "availableReplicas"),
  ageColumn,
  ...workloadColumns,
];

/** Upstream says that the cells are text, and puts numbers into them. */
function countColumn(
  name: string,
  description: string,
  count: "updatedReplicas" | "availableReplicas",
): Column<Deployment> {
  return { ...integerColumn(name, description, ({ status }) => status[count] ?? 0), type: "string" };
}
