import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { isPodReady, isPodTerminal, podCondition } from "../service-pods/pod-readiness.ts";

/** Whether the pod counts among its owner's: it has not ended and is not about to. */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Whether the pod was deleted and has not ended yet. */
export function isPodTerminating(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp !== undefined;
}

/** Since when the pod has been ready, in milliseconds since the epoch; `undefined` when it is not, or does not say. */
export function readySinceMs(pod: Pod): number | undefined {
  if (!isPodReady(pod)) return undefined;
  const since = podCondition(pod, "Ready")?.lastTransitionTime;
  return since === undefined ? undefined : Date.parse(since);
}

/**
 * In how many milliseconds the pod will have been ready for `minReadySeconds`, if it stays so: 0 when it has been, which
 * is what makes it available; `undefined` when it is not ready.
 */
export function availableInMs(pod: Pod, minReadySeconds: number, nowMs: number): number | undefined {
  if (!isPodReady(pod)) return undefined;
  if (minReadySeconds <= 0) return 0;
  const sinceMs = readySinceMs(pod);
  return sinceMs === undefined ? undefined : Math.max(0, sinceMs + minReadySeconds * 1000 - nowMs);
}
