import type { Column } from "../../../column.ts";
import { ageColumn, integerColumn, nameColumn } from "../../../columns.ts";
import { workloadColumns } from "../workload-columns.ts";
import type { ReplicaSet } from "./replicaset-schema.ts";

/** What `kubectl get replicasets` prints. */
export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  nameColumn,
  integerColumn("Desired", "How many pods are wanted.", ({ spec }) => spec.replicas),
  integerColumn("Current", "How many pods there are.", ({ status }) => status.replicas),
  integerColumn("Ready", "How many of them are ready.", ({ status }) => status.readyReplicas ?? 0),
  ageColumn,
  ...workloadColumns,
];
