import { apiTime } from "../../api/api-time.ts";
import type { PodStatus } from "../../api/core/v1/pod/pod-status.ts";
import type { PodState } from "../sync/pod-state.ts";

/**
 * Returns when the kubelet took the pod. A kubelet that restarts before the API server had the pod's status knows it from
 * the pod's first sandbox. Undefined for a pod that is being taken now.
 */
export function startTimeOf({ startTime }: Pick<PodStatus, "startTime">, { sandboxes }: PodState): string | undefined {
  const first = Math.min(...sandboxes.map((s) => s.createdAt));
  return startTime ?? (sandboxes.length > 0 ? apiTime(first) : undefined);
}
