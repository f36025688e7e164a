import type { PodPlanInput } from "./plan-pod.ts";
import { waitMs } from "./record/pod-record.ts";

/** Whether a pod's volumes must be made. */
export interface VolumesNeed {
  /** They were never made: no container can start. */
  readonly missing: boolean;
  /** When they must be made next, in milliseconds; 0: now. */
  readonly inMs: number;
}

/** Shortest time between two renewals of a pod's tokens, in milliseconds: the API server may issue tokens that are due at once. */
const RENEWAL_MIN_MS = 1_000;

/** Decides when a pod's volumes are made: when they are missing, after a change of an object that they show, and to renew a token. */
export function volumesNeed({ record, node, tokenRenewInMs, now }: PodPlanInput): VolumesNeed {
  if (node.simulated) return { missing: false, inMs: Number.POSITIVE_INFINITY };
  const { made, wait } = record.volumes;
  const pauseMs = waitMs(record, wait, now.monotonicMs);
  if (made === undefined) return { missing: true, inMs: pauseMs };
  if (made.asOf !== record.changes) return { missing: false, inMs: pauseMs };
  const renewInMs = Math.max(
    tokenRenewInMs ?? Number.POSITIVE_INFINITY,
    made.atMs + RENEWAL_MIN_MS - now.monotonicMs,
    0,
  );
  return { missing: false, inMs: Math.max(pauseMs, renewInMs) };
}
