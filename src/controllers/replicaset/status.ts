import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { labelsInclude } from "@fairlead/api/selectors/label-selector";
import { availableInMs } from "../pod-control/pod-state.ts";
import { isPodReady } from "../service-pods/pod-readiness.ts";

const FAILURE = "ReplicaFailure";

/** What was seen of a ReplicaSet. */
export interface Observation {
  readonly replicaSet: ReplicaSet;
  /** Its own pods that have neither ended nor been deleted. */
  readonly pods: readonly Pod[];
  /** How many of its own pods have been deleted and have not ended. */
  readonly terminating: number;
  /** Why pods could not be made or deleted this time. */
  readonly failure: string | undefined;
  readonly nowMs: number;
  /** The same moment as the API writes it. */
  readonly now: string;
}

/** What the ReplicaSet's status should say, as it would be stored: zeros are left out. */
export function replicaSetStatus(observation: Observation): ReplicaSetStatus {
  const { replicaSet, pods, terminating, nowMs } = observation;
  const { minReadySeconds = 0, template } = replicaSet.spec;
  const conditions = conditionsOf(observation);
  const labelled = count(pods, (pod) => labelsInclude(template.metadata.labels ?? {}, pod.metadata.labels));
  const ready = count(pods, isPodReady);
  const available = count(pods, (pod) => availableInMs(pod, minReadySeconds, nowMs) === 0);
  return {
    replicas: pods.length,
    ...(labelled > 0 && { fullyLabeledReplicas: labelled }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    terminatingReplicas: terminating,
    observedGeneration: replicaSet.metadata.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

/** In how many milliseconds the next pod becomes available by the mere passing of time; `undefined` when none will. */
export function nextAvailableMs(replicaSet: ReplicaSet, pods: readonly Pod[], nowMs: number): number | undefined {
  const { minReadySeconds = 0 } = replicaSet.spec;
  const waits = pods.flatMap((pod) => availableInMs(pod, minReadySeconds, nowMs) ?? []).filter((ms) => ms > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}

/** A failure is recorded once, when it begins; its end is not. */
function conditionsOf({ replicaSet, pods, failure, now }: Observation): readonly ReplicaSetCondition[] {
  const { conditions = [] } = replicaSet.status;
  if (failure === undefined) return conditions.filter(({ type }) => type !== FAILURE);
  if (conditions.some(({ type }) => type === FAILURE)) return conditions;
  const reason = pods.length < replicaSet.spec.replicas ? "FailedCreate" : "FailedDelete";
  return [...conditions, { type: FAILURE, status: "True", lastTransitionTime: now, reason, message: failure }];
}

function count(pods: readonly Pod[], holds: (pod: Pod) => boolean): number {
  return pods.filter(holds).length;
}
