import { conditionOf } from "@fairlead/api/condition-of";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodCondition } from "@fairlead/api/core/v1/pod/pod-status";

/** The pod's condition of that type, if it has one. */
export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return conditionOf(pod.status.conditions, type);
}

/** Whether the condition `Ready` is `True`. */
export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}

/** Whether all containers have ended and are not restarted. */
export function isPodTerminal(pod: Pod): boolean {
  return pod.status.phase === "Failed" || pod.status.phase === "Succeeded";
}
