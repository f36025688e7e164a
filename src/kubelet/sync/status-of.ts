import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { podStatus } from "../status/pod-status.ts";
import type { PodPlanInput } from "./plan-pod.ts";
import { withAllocated } from "./resize/container-resources.ts";

/**
 * Returns the status to report for a pod that is planned.
 *
 * @param options - `ended`: nothing of the pod runs, and nothing of it will be started.
 */
export function statusOf(input: PodPlanInput, { ended }: { readonly ended: boolean }): PodStatus {
  const { state, record, probes, node, now } = input;
  const { reasons, failure, resize, reported: previous = input.pod.status } = record;
  const pod = withAllocated(input.pod, resize.allocated);
  const { nodeIPs, runtimeName } = node;
  const facts = { pod, state, previous, probes, reasons, failure, resize, nodeIPs, runtimeName };
  return podStatus({ ...facts, ended, now: now.wallMs });
}
