import type { AffinityTerm } from "../affinity-terms.ts";
import { type ClusterState, labelOf, type NodeState, type Score } from "../state/cluster-state.ts";
import type { PodFacts } from "../state/pod-facts.ts";
import { SCORE_MAX } from "./normalize.ts";

/** What a required affinity term of a pod that is there already counts as for a newcomer that it wants near. */
const REQUIRED_TERM_WEIGHT = 1;

/** Prefers nodes by preferred pod affinity and anti-affinity: the pod's own, and that of pods that are there already. */
export const interPodAffinity: Score = (facts, cluster, nodes) => {
  const weights = weighDomains(facts, cluster);
  if (weights.size === 0) return nodes.map(() => 0);
  const sums = nodes.map((node) => {
    const labels = Object.entries(node.node.metadata.labels ?? {});
    return labels.reduce((total, [key, value]) => total + (weights.get(`${key}=${value}`) ?? 0), 0);
  });
  const lowest = Math.min(...sums);
  const range = Math.max(...sums) - lowest;
  return sums.map((sum) => (range === 0 ? 0 : Math.floor((SCORE_MAX * (sum - lowest)) / range)));
};

function weighDomains(facts: PodFacts, cluster: ClusterState): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  const namespace = (pod: PodFacts) => cluster.namespaceLabels(pod.pod.metadata.namespace ?? "");
  const weigh = (term: AffinityTerm, weight: number, { node, pod }: { node: NodeState; pod: PodFacts }) => {
    const value = labelOf(node, term.topologyKey);
    if (value === undefined || !term.matches(pod.pod, namespace(pod))) return;
    const domain = `${term.topologyKey}=${value}`;
    weights.set(domain, (weights.get(domain) ?? 0) + weight);
  };
  for (const node of cluster.nodes) {
    const others = facts.preferredAffinity.length > 0 ? node.pods : node.podsWithAffinity;
    for (const other of others) {
      for (const term of facts.preferredAffinity) weigh(term, term.weight, { node, pod: other });
      for (const term of other.preferredAffinity) weigh(term, term.weight, { node, pod: facts });
      for (const term of other.requiredAffinity) weigh(term, REQUIRED_TERM_WEIGHT, { node, pod: facts });
    }
  }
  return weights;
}
