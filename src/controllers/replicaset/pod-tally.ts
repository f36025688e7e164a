import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { labelsInclude } from "@fairlead/api/selectors/label-selector";
import type { CacheKey } from "@fairlead/client/cache/cache";
import { planClaims } from "../ownership/claim.ts";
import { isPodActive, isPodTerminating, readySinceMs } from "../pod-control/pod-state.ts";
import { isPodReady } from "../service-pods/pod-readiness.ts";

/**
 * The pods that one ReplicaSet controls, counted.
 *
 * It is changed in place, pod by pod, so that a change of one pod costs that pod and not all of them. It is valid as long as
 * {@link tallyKey} of the ReplicaSet stays the same.
 */
export interface PodTally {
  readonly replicaSet: ReplicaSet;
  /** Its own pods that have neither ended nor been deleted. */
  readonly active: Map<CacheKey, Pod>;
  /** Active pods that its selector no longer selects. */
  readonly released: Map<CacheKey, Pod>;
  /** Its own pods that have been deleted and have not ended. */
  readonly terminating: Set<CacheKey>;
  /** Active pods with all labels of the template. */
  readonly labelled: Set<CacheKey>;
  /** Since when active pods have been ready, in milliseconds since the epoch; `undefined` for one that does not say. */
  readonly readySinceMs: Map<CacheKey, number | undefined>;
}

/** Text of all parts of a ReplicaSet on which its tally depends. */
export function tallyKey({ metadata: { uid, deletionTimestamp }, spec }: ReplicaSet): string {
  return JSON.stringify([uid, deletionTimestamp === undefined, spec.selector, spec.template.metadata.labels]);
}

/** The tally of a ReplicaSet without pods. */
export function emptyTally(replicaSet: ReplicaSet): PodTally {
  return {
    ...{ replicaSet, active: new Map(), released: new Map(), terminating: new Set() },
    ...{ labelled: new Set(), readySinceMs: new Map() },
  };
}

/** Counts a pod as it is now. @param pod - `undefined` for one that is gone or has another controller. */
export function setPod(tally: PodTally, key: CacheKey, pod: Pod | undefined): void {
  for (const counted of [tally.active, tally.released, tally.terminating, tally.labelled, tally.readySinceMs]) {
    counted.delete(key);
  }
  if (pod === undefined) return;
  const { replicaSet } = tally;
  const { owned, released } = planClaims(replicaSet, [pod]);
  if (isPodTerminating(pod) && owned.length > 0) tally.terminating.add(key);
  if (!isPodActive(pod)) return;
  if (released.length > 0) tally.released.set(key, pod);
  if (owned.length === 0) return;
  tally.active.set(key, pod);
  if (labelsInclude(replicaSet.spec.template.metadata.labels ?? {}, pod.metadata.labels)) tally.labelled.add(key);
  if (isPodReady(pod)) tally.readySinceMs.set(key, readySinceMs(pod));
}
