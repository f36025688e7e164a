import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { availableInMs } from "../pod-control/pod-state.ts";
import type { PodTally } from "./pod-tally.ts";

const FAILURE = "ReplicaFailure";

/** What was seen of a ReplicaSet. */
export interface Observation {
  readonly replicaSet: ReplicaSet;
  readonly tally: PodTally;
  /** Why pods could not be made or deleted this time. */
  readonly failure: string | undefined;
  readonly nowMs: number;
  /** The same moment as the API writes it. */
  readonly now: string;
}

/** What the ReplicaSet's status should say, as it would be stored: zeros are left out. */
export function replicaSetStatus(observation: Observation): ReplicaSetStatus {
  const { replicaSet, tally, nowMs } = observation;
  const conditions = conditionsOf(observation);
  const labelled = tally.labelled.size;
  const ready = tally.readySinceMs.size;
  const available = countAvailable(replicaSet, tally, nowMs);
  return {
    replicas: tally.active.size,
    ...(labelled > 0 && { fullyLabeledReplicas: labelled }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    terminatingReplicas: tally.terminating.size,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

/** In how many milliseconds the next pod becomes available by the mere passing of time; `undefined` when none will. */
export function nextAvailableMs(replicaSet: ReplicaSet, tally: PodTally, nowMs: number): number | undefined {
  const { minReadySeconds = 0 } = replicaSet.spec;
  if (minReadySeconds <= 0) return undefined;
  let nextMs = Number.POSITIVE_INFINITY;
  for (const sinceMs of tally.readySinceMs.values()) {
    const ms = availableInMs(sinceMs, minReadySeconds, nowMs) ?? 0;
    if (ms > 0) nextMs = Math.min(nextMs, ms);
  }
  return nextMs === Number.POSITIVE_INFINITY ? undefined : nextMs;
}

/** How many pods have been ready for `minReadySeconds`. Looks at each of them where that is set: time passes without an event. */
function countAvailable({ spec }: ReplicaSet, { readySinceMs }: PodTally, nowMs: number): number {
  const { minReadySeconds = 0 } = spec;
  if (minReadySeconds <= 0) return readySinceMs.size;
  let count = 0;
  for (const sinceMs of readySinceMs.values()) if (availableInMs(sinceMs, minReadySeconds, nowMs) === 0) count += 1;
  return count;
}

/** A failure is recorded once, when it begins; its end is not. */
function conditionsOf({ replicaSet, tally, failure, now }: Observation): readonly ReplicaSetCondition[] {
  const { conditions = [] } = replicaSet.status;
  if (failure === undefined) return conditions.filter(({ type }) => type !== FAILURE);
  if (conditions.some(({ type }) => type === FAILURE)) return conditions;
  const reason = tally.active.size < replicaSet.spec.replicas ? "FailedCreate" : "FailedDelete";
  return [...conditions, { type: FAILURE, status: "True", lastTransitionTime: now, reason, message: failure }];
}
