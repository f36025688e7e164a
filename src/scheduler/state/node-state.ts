import type { Node } from "@fairlead/api/core/v1/node/node";
import { nearestInteger } from "@fairlead/api/int64";
import type { NodeState } from "./cluster-state.ts";
import type { PodFacts } from "./pod-facts.ts";
import { allocatableOf, type Resources, sum } from "./resources.ts";

/** A node with these pods on it. */
export function nodeState(node: Node, pods: readonly PodFacts[]): NodeState {
  const add = (total: Resources, more: Resources) => sum(total, more);
  const images = (node.status.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) =>
    names.map((name) => [name, nearestInteger(sizeBytes)] as const),
  );
  return {
    node,
    allocatable: allocatableOf(node),
    requested: pods.map(({ requests }) => requests).reduce(add, new Map()),
    scoredRequested: pods.map(({ scoredRequests }) => scoredRequests).reduce(add, new Map()),
    pods,
    podsWithAntiAffinity: pods.filter(({ requiredAntiAffinity }) => requiredAntiAffinity.length > 0),
    podsWithAffinity: pods.filter((p) => p.preferredAffinity.length > 0 || p.requiredAffinity.length > 0),
    images: new Map(images),
  };
}
