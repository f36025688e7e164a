import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { claimNames } from "@fairlead/api/core/v1/pod/pod-claims";
import { exponentialMs } from "@fairlead/lib/back-off";

const RETRY_FIRST_MS = 500;
/** Longest pause between two attempts, in milliseconds. */
export const RETRY_MAX_MS = 60_000;
/** The same for the volumes of a pod with claims: a node has no watch of claims and polls them. */
const CLAIM_RETRY_MAX_MS = 5_000;

/** Pause after a container could not be started, in milliseconds, where no back-off says otherwise. */
export const START_RETRY_MS = 10_000;

/** Returns the pause after so many failures in a row, in milliseconds: it doubles with each. */
export function retryMs(failures: number): number {
  return exponentialMs(Math.max(0, failures - 1), { initialMs: RETRY_FIRST_MS, maxMs: RETRY_MAX_MS });
}

/** Returns the pause after the pod's volumes could not be made so many times in a row, in milliseconds. */
export function volumesRetryMs(pod: Pod, failures: number): number {
  const pauseMs = retryMs(failures);
  return claimNames(pod).length > 0 ? Math.min(CLAIM_RETRY_MAX_MS, pauseMs) : pauseMs;
}
