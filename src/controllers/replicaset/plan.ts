import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { rankForDeletion } from "./ranking.ts";

/** Most pods that are made or deleted in one go. Upstream's `burstReplicas`. */
export const BURST_MAX = 500;

/** Everything that the plan may depend on. */
export interface ReplicaSetInputs {
  readonly replicaSet: ReplicaSet;
  /** Its own pods that have neither ended nor been deleted. */
  readonly active: ReadonlyMap<unknown, Pod>;
  /** All pods of the ReplicaSets that have the same owner, itself included; asked for only when there are too many pods. */
  related(): readonly Pod[];
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** What makes the number of pods right: at most one of the two is something. */
export interface ReplicaSetPlan {
  readonly create: number;
  readonly remove: readonly Pod[];
}

/** How many pods are missing, or which are too many. Once it is done there is nothing left to do, but for the burst's limit. */
export function planReplicas({ replicaSet, active, related, nowMs }: ReplicaSetInputs): ReplicaSetPlan {
  const missing = replicaSet.spec.replicas - active.size;
  if (missing >= 0) return { create: Math.min(missing, BURST_MAX), remove: [] };
  const surplus = Math.min(-missing, BURST_MAX);
  const pods = [...active.values()];
  // Who goes matters only to those who stay.
  const ranked = surplus === pods.length ? pods : rankForDeletion(pods, related(), nowMs);
  return { create: 0, remove: ranked.slice(0, surplus) };
}
