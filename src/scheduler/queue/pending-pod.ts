import type { Pod } from "@fairlead/api/core/v1/pod/pod";

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
