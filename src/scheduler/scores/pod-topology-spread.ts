import { LABEL } from "@fairlead/api/well-known";
import {
  countOn,
  defaultSpreadConstraints,
  hasTopologyKeys,
  type SpreadConstraint,
  spreadConstraints,
} from "../spread-constraints.ts";
import { type ClusterState, labelOf, type NodeState, type Score } from "../state/cluster-state.ts";
import { SCORE_MAX } from "./normalize.ts";

/**
 * Prefers nodes in domains with fewer pods like this one: by constraints with `ScheduleAnyway`, or, for a pod without
 * any constraints, by its Services and its ReplicaSet.
 */
export const podTopologySpread: Score = ({ pod }, cluster, nodes) => {
  const hasOwn = (pod.spec.topologySpreadConstraints ?? []).length > 0;
  const constraints = hasOwn ? spreadConstraints(pod, "ScheduleAnyway") : defaultSpreadConstraints(pod, cluster);
  if (constraints.length === 0) return nodes.map(() => 0);

  // By default a node without a zone still takes part in spreading over nodes.
  const isScored = (node: NodeState) => !hasOwn || hasTopologyKeys(node, constraints);
  const scored = nodes.filter(isScored);
  const costs = constraints.map((constraint) => costIn(constraint, { cluster, scored, isScored }));
  return reversed(
    nodes.map((node) =>
      isScored(node) ? Math.round(costs.reduce((total, cost) => total + cost(node), 0)) : undefined,
    ),
  );
};

/** What a node costs by one constraint: more for each pod in its domain, and more where there are more domains. */
function costIn(
  constraint: SpreadConstraint,
  {
    cluster,
    scored,
    isScored,
  }: { cluster: ClusterState; scored: readonly NodeState[]; isScored(node: NodeState): boolean },
): (node: NodeState) => number {
  const { topologyKey, maxSkew } = constraint;
  if (topologyKey === LABEL.hostname) {
    const weight = Math.log(scored.length + 2);
    return (node) => (labelOf(node, topologyKey) === undefined ? 0 : countOn(node, constraint) * weight + maxSkew - 1);
  }
  const domains = new Map<string, number>(scored.map((node) => [labelOf(node, topologyKey) ?? "", 0]));
  const weight = Math.log(domains.size + 2);
  for (const node of cluster.nodes) {
    const value = labelOf(node, topologyKey);
    // Nodes without the label cost nothing: their pods need not be counted.
    const count = value === undefined ? undefined : domains.get(value);
    if (value === undefined || count === undefined || !isScored(node) || !constraint.includes(node)) continue;
    domains.set(value, count + countOn(node, constraint));
  }
  return (node) => {
    const value = labelOf(node, topologyKey);
    return value === undefined ? 0 : (domains.get(value) ?? 0) * weight + maxSkew - 1;
  };
}

/** The lowest cost gets the best score; nodes without a cost get none. */
function reversed(costs: readonly (number | undefined)[]): readonly number[] {
  const known = costs.filter((cost) => cost !== undefined);
  const highest = Math.max(0, ...known);
  const lowest = Math.min(...known);
  return costs.map((cost) => {
    if (cost === undefined) return 0;
    return highest === 0 ? SCORE_MAX : Math.floor((SCORE_MAX * (highest + lowest - cost)) / highest);
  });
}
