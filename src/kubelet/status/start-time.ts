import { apiTime } from "@fairlead/api/api-time";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { PodState } from "../sync/pod-state.ts";

/**
 * Returns when the kubelet admitted the pod; undefined for a new pod. After a restart that came before the API server had the
 * status, it is the time of the pod's first sandbox.
 */
export function startTimeOf({ startTime }: Pick<PodStatus, "startTime">, { sandboxes }: PodState): string | undefined {
  const first = Math.min(...sandboxes.map((s) => s.createdAt));
  return startTime ?? (sandboxes.length > 0 ? apiTime(first) : undefined);
}
