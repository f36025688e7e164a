import { ageColumn, integerColumn, nameColumn } from "../../../columns.ts";
import type { Column } from "../../../kind.ts";
import type { ReplicaSet } from "../replicaset.ts";
import { workloadColumns } from "../workload-columns.ts";

/** What `kubectl get replicasets` prints. */
export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  nameColumn,
  integerColumn("Desired", "How many pods are wanted.", ({ spec }) => spec.replicas),
  integerColumn("Current", "How many pods there are.", ({ status }) => status.replicas),
  integerColumn("Ready", "How many of them are ready.", ({ status }) => status.readyReplicas ?? 0),
  ageColumn,
  ...workloadColumns,
];
