import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { revisionOf } from "./annotations.ts";
import { sameTemplate } from "./template.ts";

/** The ReplicaSets of one Deployment: the one that makes its present template's pods, and those of earlier ones. */
export interface ReplicaSets {
  /** Absent until it is created. */
  readonly current: ReplicaSet | undefined;
  /** Oldest first. */
  readonly old: readonly ReplicaSet[];
}

/** Distinguishes the ReplicaSet of the present template from the others. Of several it is the oldest. */
export function splitReplicaSets(deployment: Deployment, owned: readonly ReplicaSet[]): ReplicaSets {
  const sorted = [...owned].sort(byAge);
  const current = sorted.find(({ spec }) => sameTemplate(spec.template, deployment.spec.template));
  return { current, old: sorted.filter((replicaSet) => replicaSet !== current) };
}

export function allOf({ current, old }: ReplicaSets): readonly ReplicaSet[] {
  return current === undefined ? old : [...old, current];
}

/** Those that are to have pods. */
export function activeOf(replicaSets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return replicaSets.filter(({ spec }) => spec.replicas > 0);
}

/** How many pods they are to have together. */
export function wantedPods(replicaSets: readonly ReplicaSet[]): number {
  return sum(replicaSets, ({ spec }) => spec.replicas);
}

/** How many pods they have together that are not on their way out. */
export function actualPods(replicaSets: readonly ReplicaSet[]): number {
  return sum(replicaSets, ({ status }) => status.replicas ?? 0);
}

export function readyPods(replicaSets: readonly ReplicaSet[]): number {
  return sum(replicaSets, ({ status }) => status.readyReplicas ?? 0);
}

export function availablePods(replicaSets: readonly ReplicaSet[]): number {
  return sum(replicaSets, ({ status }) => status.availableReplicas ?? 0);
}

/** Pods on their way out; `undefined` as long as one of them has been observed without saying so. */
export function terminatingPods(replicaSets: readonly ReplicaSet[]): number | undefined {
  // A new one has no status yet.
  const known = replicaSets.filter(
    ({ status }) => status.terminatingReplicas !== undefined || (status.observedGeneration ?? 0) > 0,
  );
  if (known.some(({ status }) => status.terminatingReplicas === undefined)) return undefined;
  return sum(known, ({ status }) => status.terminatingReplicas ?? 0);
}

/** Oldest first, by name where they are of one age. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  return (
    ordered(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || ordered(a.metadata.name, b.metadata.name)
  );
}

/** Lowest revision first, by age where that says nothing. */
export function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  const [first, second] = [revisionOf(a), revisionOf(b)];
  if (first === undefined || second === undefined || first === second) return byAge(a, b);
  return first < second ? -1 : 1;
}

function ordered(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sum(replicaSets: readonly ReplicaSet[], count: (replicaSet: ReplicaSet) => number): number {
  return replicaSets.reduce((total, replicaSet) => total + count(replicaSet), 0);
}
