import { conditionOf } from "../../api/condition-of.ts";
import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { PodCondition } from "../../api/core/v1/pod/pod-status.ts";

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
