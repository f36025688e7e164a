import type { Column } from "../../../column.ts";
import { ageColumn, column, integerColumn, labelsCell, nameColumn } from "../../../columns.ts";
import { workloadColumns } from "../workload-columns.ts";
import type { DaemonSet } from "./daemonset-schema.ts";

/** What `kubectl get daemonsets` prints. */
export const daemonSetColumns: readonly Column<DaemonSet>[] = [
  nameColumn,
  integerColumn("Desired", "Nodes that should run a pod.", ({ status }) => status.desiredNumberScheduled),
  integerColumn("Current", "Nodes that run a pod and should.", ({ status }) => status.currentNumberScheduled),
  integerColumn("Ready", "Nodes that have a ready pod.", ({ status }) => status.numberReady),
  integerColumn(
    "Up-to-date",
    "Nodes whose pod is made from the current template.",
    ({ status }) => status.updatedNumberScheduled ?? 0,
  ),
  integerColumn("Available", "Nodes whose pod is available.", ({ status }) => status.numberAvailable ?? 0),
  column("Node Selector", "Labels of the nodes that get a pod.", ({ spec }) =>
    labelsCell(spec.template.spec.nodeSelector),
  ),
  ageColumn,
  ...workloadColumns,
];
