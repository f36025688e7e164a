import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { byRevision } from "../replicasets/replica-sets.ts";
import { historyLimit } from "../status/conditions.ts";
import type { Rollout } from "./rollout.ts";

/** The old ReplicaSets beyond `spec.revisionHistoryLimit`, lowest revisions first. One that has pods yet, or whose status is not of now, stays. */
export function surplusHistory({ deployment, old }: Rollout): readonly ReplicaSet[] {
  const limit = historyLimit(deployment);
  if (limit === undefined) return [];
  const alive = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  return [...alive]
    .sort(byRevision)
    .slice(0, Math.max(0, alive.length - limit))
    .filter(isEmpty);
}

function isEmpty({ metadata, spec, status }: ReplicaSet): boolean {
  const isObserved = (metadata.generation ?? 0) <= (status.observedGeneration ?? 0);
  return spec.replicas === 0 && (status.replicas ?? 0) === 0 && isObserved;
}
