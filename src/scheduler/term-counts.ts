import type { AffinityTerm } from "./affinity-terms.ts";
import type { ClusterState, NodeState } from "./state/cluster-state.ts";
import type { PodFacts } from "./state/pod-facts.ts";

/** Terms of the pods on one node that ask for the same, and their weights together. */
export interface WeighedTerm {
  readonly term: AffinityTerm;
  readonly weight: number;
}

/** What a required affinity term of a pod that is there already counts as for a newcomer that it wants near. */
const REQUIRED_TERM_WEIGHT = 1;

/** Counts that were made before. A node's state never changes: when the node does, it gets another. */
const counted = new WeakMap<NodeState, Map<string, number>>();
const weighed = new WeakMap<NodeState, readonly WeighedTerm[]>();

/** Returns how many pods on the node a term is about. Counts once for all pods that have the same term. */
export function podsMatching(node: NodeState, term: AffinityTerm, cluster: ClusterState): number {
  const count = () => node.pods.reduce((total, other) => (matches(term, other, cluster) ? total + 1 : total), 0);
  // Labels of namespaces change without the node.
  if (term.key === undefined) return count();
  let known = counted.get(node);
  if (known === undefined) {
    known = new Map();
    counted.set(node, known);
  }
  let found = known.get(term.key);
  if (found === undefined) {
    found = count();
    known.set(term.key, found);
  }
  return found;
}

/** Returns the terms by which the pods on the node wish others near or far, each once. */
export function wishesOn(node: NodeState): readonly WeighedTerm[] {
  const known = weighed.get(node);
  if (known !== undefined) return known;
  const all = node.podsWithAffinity.flatMap(({ preferredAffinity, requiredAffinity }) => [
    ...preferredAffinity.map((term) => ({ term, weight: term.weight })),
    ...requiredAffinity.map((term) => ({ term, weight: REQUIRED_TERM_WEIGHT })),
  ]);
  const byKey = new Map<string | AffinityTerm, WeighedTerm>();
  for (const { term, weight } of all) {
    const key = term.key ?? term;
    byKey.set(key, { term, weight: (byKey.get(key)?.weight ?? 0) + weight });
  }
  const wishes = [...byKey.values()];
  weighed.set(node, wishes);
  return wishes;
}

/** Whether a term is about a pod, as things are in the cluster. */
export function matches(term: AffinityTerm, { pod }: PodFacts, cluster: ClusterState): boolean {
  return term.matches(pod, cluster.namespaceLabels(pod.metadata.namespace ?? ""));
}
