import { conditionOf } from "@fairlead/api/condition-of";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodCondition } from "@fairlead/api/core/v1/pod/pod-status";
import { transitionTime } from "@fairlead/api/transition-time";

/** No node takes the pod; or something went wrong on our side. */
export type UnschedulableReason = "Unschedulable" | "SchedulerError";

/** The condition `PodScheduled` that says why the pod has no node; `undefined` when it says so already. `now` as the API writes times. */
export function unschedulableCondition(
  pod: Pod,
  { reason, message, now }: { readonly reason: UnschedulableReason; readonly message: string; readonly now: string },
): PodCondition | undefined {
  const before = conditionOf(pod.status.conditions, "PodScheduled");
  const isSame = before?.status === "False" && before.reason === reason && before.message === message;
  if (isSame) return undefined;
  const { generation } = pod.metadata;
  return {
    type: "PodScheduled",
    status: "False",
    reason,
    message,
    lastTransitionTime: transitionTime(before, "False", now),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
}
