import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { podStatus } from "../status/pod-status.ts";
import type { PodPlanInput } from "./plan-pod.ts";

/**
 * Returns the status to report for a pod that is planned.
 *
 * @param options - `ended`: nothing of the pod runs, and nothing of it will be started.
 */
export function statusOf(input: PodPlanInput, { ended }: { readonly ended: boolean }): PodStatus {
  const { pod, state, record, probes, node, now } = input;
  const { reasons, failure, reported: previous = pod.status } = record;
  const { nodeIPs, runtimeName } = node;
  return podStatus({ pod, state, previous, probes, reasons, failure, nodeIPs, runtimeName, ended, now: now.wallMs });
}
