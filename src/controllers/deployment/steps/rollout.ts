import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { conditionOf } from "@fairlead/api/condition-of";
import type { Draft } from "@fairlead/api/schema";
import { controllerReference } from "../../ownership/claim.ts";
import { newReplicaSetAnnotations, REVISION, replicasAnnotations, revisionOf } from "../replicasets/annotations.ts";
import { rollingLimits } from "../replicasets/limits.ts";
import { allOf, type ReplicaSets, wantedPods } from "../replicasets/replica-sets.ts";
import { POD_TEMPLATE_HASH, replicaSetName, templateHash } from "../replicasets/template.ts";
import type { Finding } from "../status/conditions.ts";
import { progressDeadlineMs, withCondition } from "../status/conditions.ts";

/** A Deployment with its ReplicaSets: as they are, or as they are to be after one step of the plan. */
export interface Rollout extends ReplicaSets {
  /** Its status is the one stored, but for conditions that a step has added. */
  readonly deployment: Deployment;
}

/** The Deployment's annotations and readiness rule on its current ReplicaSet, and that one's revision on the Deployment. */
export function withRevision(rollout: Rollout, now: string): Rollout {
  const { deployment, current, old } = rollout;
  if (current === undefined) return rollout;
  const annotations = newReplicaSetAnnotations(deployment, current.metadata.annotations, nextRevision(old));
  const { minReadySeconds } = deployment.spec;
  const synced: ReplicaSet = {
    ...current,
    metadata: { ...current.metadata, annotations },
    spec: { ...current.spec, minReadySeconds },
  };
  const numbered = withAnnotation(deployment, REVISION, annotations[REVISION] ?? "");
  const found = { reason: "FoundNewReplicaSet", message: `Found new replica set "${current.metadata.name}"` };
  const isUnheardOf = conditionOf(deployment.status.conditions, "Progressing") === undefined;
  return { ...rollout, current: synced, deployment: isUnheardOf ? progressing(numbered, found, now) : numbered };
}

/** Makes the current ReplicaSet, with as many pods as there is room for, unless there is one. */
export function withCurrent(rollout: Rollout, now: string): Rollout & { readonly current: ReplicaSet } {
  const { current, deployment, old } = rollout;
  if (current !== undefined) return { ...rollout, current };
  const created = newReplicaSet(deployment, old);
  const numbered = withAnnotation(deployment, REVISION, String(nextRevision(old)));
  const reason = { reason: "NewReplicaSetCreated", message: `Created new replica set "${created.metadata.name}"` };
  return { deployment: progressing(numbered, reason, now), current: created, old };
}

function newReplicaSet(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status.collisionCount);
  const labels = { ...template.metadata?.labels, [POD_TEMPLATE_HASH]: hash };
  const { namespace, name } = deployment.metadata;
  const draft: Draft<ReplicaSet> = {
    metadata: {
      name: replicaSetName(name, hash),
      namespace,
      labels,
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      minReadySeconds,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [POD_TEMPLATE_HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: {},
  };
  // Every field that a plan reads is set; the API server adds the rest.
  const empty = draft as ReplicaSet;
  const annotations = {
    ...newReplicaSetAnnotations(deployment, undefined, nextRevision(old)),
    ...replicasAnnotations(deployment),
  };
  const replicas = roomFor({ deployment, current: empty, old });
  return { ...empty, metadata: { ...empty.metadata, annotations }, spec: { ...empty.spec, replicas } };
}

/** How many pods the current ReplicaSet may have, no fewer than it has, without there being more than the limit. */
export function roomFor(rollout: Rollout & { readonly current: ReplicaSet }): number {
  const { deployment, current } = rollout;
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === "Recreate") return replicas;
  const free = replicas + rollingLimits(deployment).maxSurge - wantedPods(allOf(rollout));
  if (free <= 0) return current.spec.replicas;
  return current.spec.replicas + Math.min(free, replicas - current.spec.replicas);
}

/** The ReplicaSet with that many pods. It also remembers the Deployment's size, unless it has that many already. */
export function scaleTo(deployment: Deployment, replicaSet: ReplicaSet, replicas: number): ReplicaSet {
  return replicaSet.spec.replicas === replicas ? replicaSet : resize(deployment, replicaSet, replicas);
}

/** The ReplicaSet with that many pods, remembering the Deployment's size in any case. */
export function resize(deployment: Deployment, replicaSet: ReplicaSet, replicas: number): ReplicaSet {
  const annotations = { ...replicaSet.metadata.annotations, ...replicasAnnotations(deployment) };
  return {
    ...replicaSet,
    metadata: { ...replicaSet.metadata, annotations },
    spec: { ...replicaSet.spec, replicas },
  };
}

/** One more than the highest revision. Wraps at the end of int64, as upstream's addition does. */
function nextRevision(old: readonly ReplicaSet[]): bigint {
  const revisions = [0n, ...old.map((replicaSet) => revisionOf(replicaSet) ?? 0n)];
  const [highest = 0n] = revisions.toSorted((a, b) => (a < b ? 1 : -1));
  return BigInt.asIntN(64, highest + 1n);
}

function withAnnotation(deployment: Deployment, name: string, value: string): Deployment {
  const annotations = { ...deployment.metadata.annotations, [name]: value };
  return { ...deployment, metadata: { ...deployment.metadata, annotations } };
}

/** Progress is reported only for Deployments with a deadline. */
function progressing(deployment: Deployment, found: Pick<Finding, "reason" | "message">, now: string): Deployment {
  if (progressDeadlineMs(deployment) === undefined) return deployment;
  return withFinding(deployment, { type: "Progressing", status: "True", ...found }, now);
}

/** The Deployment with that condition in its status. */
export function withFinding(deployment: Deployment, finding: Finding, now: string): Deployment {
  const conditions = withCondition(deployment.status.conditions ?? [], finding, now);
  return { ...deployment, status: { ...deployment.status, conditions } };
}
