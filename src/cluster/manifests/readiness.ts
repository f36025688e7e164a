import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";

/** A kind whose objects take a while until they do what they are for. */
interface Awaited {
  readonly kind: ResourceReference;
  /** Says what the object still lacks, with its name: `web-1 not Ready`. `undefined` when it lacks nothing. */
  missing(object: KubeObject): string | undefined;
}

const awaited: readonly Awaited[] = [
  awaitedKind(podKind, missingOfPod),
  awaitedKind(deploymentKind, missingOfDeployment),
  awaitedKind(replicaSetKind, missingOfReplicaSet),
];

/** How one waits for objects of the kind; `undefined` when they are ready as soon as they are written. */
export function awaitedOf({ group, plural }: ResourceReference): Awaited | undefined {
  return awaited.find(({ kind }) => kind.plural === plural && kind.group === group);
}

function awaitedKind<T extends KubeObject>(
  kind: ResourceReference<T>,
  missing: (object: T) => string | undefined,
): Awaited {
  // Only objects of the kind are asked about.
  return { kind, missing: (object) => missing(object as T) };
}

/** A pod that has succeeded is not Ready any more, and no longer waited for. */
function missingOfPod({ metadata: { name }, status }: Pod): string | undefined {
  if (status.phase === "Succeeded") return undefined;
  if (status.phase === "Failed") return `${name} has failed`;
  const isReady = status.conditions?.some(({ type, status: state }) => type === "Ready" && state === "True");
  return isReady === true ? undefined : `${name} not Ready`;
}

/** As `kubectl rollout status` sees it; a Deployment that is paused is not waited for. */
function missingOfDeployment({ metadata, spec, status }: Deployment): string | undefined {
  if (spec.paused === true) return undefined;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const isSeen = observedGeneration >= (metadata.generation ?? 0);
  const isRolledOut = updatedReplicas >= spec.replicas && replicas <= updatedReplicas;
  if (isSeen && isRolledOut && availableReplicas >= updatedReplicas) return undefined;
  if (isSeen && !isRolledOut && updatedReplicas >= spec.replicas) {
    return `deployment/${metadata.name} still has pods of before: ${replicas - updatedReplicas}`;
  }
  const available = isSeen ? Math.min(updatedReplicas, availableReplicas) : 0;
  return `deployment/${metadata.name} has ${available} of ${spec.replicas} pods available`;
}

function missingOfReplicaSet({ metadata, spec, status }: ReplicaSet): string | undefined {
  const { availableReplicas = 0, observedGeneration = 0 } = status;
  const isSeen = observedGeneration >= (metadata.generation ?? 0);
  if (isSeen && availableReplicas >= spec.replicas) return undefined;
  return `replicaset/${metadata.name} has ${isSeen ? availableReplicas : 0} of ${spec.replicas} pods available`;
}
