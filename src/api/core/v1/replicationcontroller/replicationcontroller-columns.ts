import type { Column } from "../../../column.ts";
import { ageColumn, integerColumn, labelsCell, nameColumn, wideColumn } from "../../../columns.ts";
import type { ReplicationController } from "./replicationcontroller-schema.ts";

/** What `kubectl get replicationcontrollers` prints. */
export const replicationControllerColumns: readonly Column<ReplicationController>[] = [
  nameColumn,
  integerColumn("Desired", "How many pods are wanted.", ({ spec }) => spec.replicas),
  integerColumn("Current", "How many pods there are.", ({ status }) => status.replicas),
  integerColumn("Ready", "How many of them are ready.", ({ status }) => status.readyReplicas ?? 0),
  ageColumn,
  wideColumn("Containers", "Names of the containers of its pods.", (rc) => cells(rc, ({ name }) => name)),
  wideColumn("Images", "Images of the containers of its pods.", (rc) => cells(rc, ({ image }) => image)),
  wideColumn("Selector", "Labels of its pods.", ({ spec }) => labelsCell(spec.selector)),
];

type Container = NonNullable<ReplicationController["spec"]["template"]>["spec"]["containers"][number];

function cells({ spec }: ReplicationController, cell: (container: Container) => string | undefined): string {
  return (spec.template?.spec.containers ?? []).map((container) => cell(container) ?? "").join(",");
}
