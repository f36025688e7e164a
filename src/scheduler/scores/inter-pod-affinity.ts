import type { AffinityTerm } from "../affinity-terms.ts";
import { type ClusterState, labelOf, type NodeState, type Score } from "../state/cluster-state.ts";
import type { PodFacts } from "../state/pod-facts.ts";
import { matches, podsMatching, wishesOn } from "../term-counts.ts";
import { SCORE_MAX } from "./normalize.ts";

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
  const add = ({ topologyKey }: AffinityTerm, weight: number, node: NodeState) => {
    const value = labelOf(node, topologyKey);
    if (value === undefined || weight === 0) return;
    const domain = `${topologyKey}=${value}`;
    weights.set(domain, (weights.get(domain) ?? 0) + weight);
  };
  const isWished = rememberedByKey((term) => matches(term, facts, cluster));
  for (const node of cluster.nodes) {
    if (facts.preferredAffinity.length === 0 && node.podsWithAffinity.length === 0) continue;
    for (const term of facts.preferredAffinity) add(term, term.weight * podsMatching(node, term, cluster), node);
    for (const { term, weight } of wishesOn(node)) if (isWished(term)) add(term, weight, node);
  }
  return weights;
}

/** Asks once about all terms of one key. */
function rememberedByKey(ask: (term: AffinityTerm) => boolean): (term: AffinityTerm) => boolean {
  const known = new Map<string, boolean>();
  return (term) => {
    if (term.key === undefined) return ask(term);
    const answer = known.get(term.key) ?? ask(term);
    known.set(term.key, answer);
    return answer;
  };
}
