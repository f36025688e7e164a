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
 * In how many milliseconds a pod will have been ready for `minReadySeconds`, if it stays so: 0 when it has been, which
 * is what makes it available; `undefined` for a pod that does not say since when.
 *
 * @param sinceMs - See {@link readySinceMs}.
 * @param minReadySeconds - More than 0: otherwise every ready pod is available.
 */
export function availableInMs(sinceMs: number | undefined, minReadySeconds: number, nowMs: number): number | undefined {
  return sinceMs === undefined ? undefined : Math.max(0, sinceMs + minReadySeconds * 1000 - nowMs);
}
