import type { Amounts } from "@fairlead/api/core/v1/amounts";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { nearestInteger } from "@fairlead/api/int64";
import type { NodeState } from "./cluster-state.ts";
import type { PodFacts } from "./pod-facts.ts";
import { allocatableOf } from "./resources.ts";

/** A node with these pods on it. */
export function nodeState(node: Node, pods: readonly PodFacts[]): NodeState {
  const requested = new Map<string, number>();
  const scoredRequested = new Map<string, number>();
  for (const pod of pods) {
    add(requested, pod.requests);
    add(scoredRequested, pod.scoredRequests);
  }
  return {
    node,
    allocatable: allocatableOf(node),
    requested,
    scoredRequested,
    pods,
    podsWithAntiAffinity: pods.filter(({ requiredAntiAffinity }) => requiredAntiAffinity.length > 0),
    podsWithAffinity: pods.filter((p) => p.preferredAffinity.length > 0 || p.requiredAffinity.length > 0),
    images: imagesOf(node),
  };
}

function add(total: Map<string, number>, more: Amounts): void {
  for (const [name, value] of more) total.set(name, (total.get(name) ?? 0) + value);
}

const images = new WeakMap<Node, ReadonlyMap<string, number>>();

/** Sizes of the node's images by name; Nodes are readonly, so that they are read once per object. */
function imagesOf(node: Node): ReadonlyMap<string, number> {
  let known = images.get(node);
  if (known === undefined) {
    known = new Map(
      (node.status.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) =>
        names.map((name) => [name, nearestInteger(sizeBytes)] as const),
      ),
    );
    images.set(node, known);
  }
  return known;
}
