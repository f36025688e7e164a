import type { Column } from "../../../column.ts";
import { ageColumn, column, nameColumn, orNone, wideColumn } from "../../../columns.ts";
import { conditionOf } from "../../../condition-of.ts";
import type { Pod } from "./pod-schema.ts";
import { summarizePod } from "./pod-summary.ts";

/** What `kubectl get pods` prints. */
export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  column("Ready", "How many containers are ready, of how many.", (pod) => {
    const { ready, total } = summarizePod(pod);
    return `${ready}/${total}`;
  }),
  column("Status", "What the pod is doing, or why it is not.", (pod) => summarizePod(pod).status),
  column("Restarts", "How often containers were restarted, and how long ago the last time.", (pod, now) =>
    summarizePod(pod).restartsText(now),
  ),
  ageColumn,
  wideColumn("IP", "Address of the pod.", ({ status }) => orNone(status.podIPs?.[0]?.ip)),
  wideColumn("Node", "Node that the pod is on.", ({ spec }) => orNone(spec.nodeName)),
  wideColumn("Nominated Node", "Node that is being cleared for the pod.", ({ status }) =>
    orNone(status.nominatedNodeName),
  ),
  wideColumn("Readiness Gates", "How many further conditions of readiness are met, of how many.", readinessGates),
];

function readinessGates({ spec: { readinessGates: gates = [] }, status: { conditions } }: Pod): string {
  if (gates.length === 0) return "<none>";
  const met = gates.filter(({ conditionType }) => conditionOf(conditions, conditionType)?.status === "True");
  return `${met.length}/${gates.length}`;
}
