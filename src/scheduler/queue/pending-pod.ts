import type { Node } from "../../api/core/v1/node.ts";
import type { Pod } from "../../api/core/v1/pod/pod.ts";

/** Pods that name this scheduler, or none, are this scheduler's. */
export const SCHEDULER_NAME = "default-scheduler";

/** Whether the pod needs a node from this scheduler now: it has none, is not ending, and nothing holds it back. */
export function needsNode({ metadata, spec, status }: Pod): boolean {
  return (
    (spec.nodeName ?? "") === "" &&
    spec.schedulerName === SCHEDULER_NAME &&
    metadata.deletionTimestamp === undefined &&
    (spec.schedulingGates ?? []).length === 0 &&
    status.phase !== "Succeeded" &&
    status.phase !== "Failed"
  );
}

/** Whether a change of a node can make a pod fit that did not fit before: upstream's list of what scheduling looks at. */
export function mayFreeNode(before: Node | undefined, after: Node): boolean {
  return before === undefined || nodeText(before) !== nodeText(after);
}

function nodeText({ metadata, spec, status }: Node): string {
  return JSON.stringify([metadata.labels, spec.taints, spec.unschedulable, status.allocatable]);
}

/** Whether another pod's arrival, or a change of its labels, can make this one fit: it asks for company, or for spreading. */
export function looksAtOtherPods({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  return (
    podAffinity !== undefined || podAntiAffinity !== undefined || (spec.topologySpreadConstraints ?? []).length > 0
  );
}
