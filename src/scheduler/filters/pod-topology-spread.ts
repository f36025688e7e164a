import type { Node } from "@fairlead/api/core/v1/node/node";
import { deepEqual } from "@fairlead/api/deep-equal";
import { countOn, hasTopologyKeys, type SpreadConstraint, spreadConstraints } from "../spread-constraints.ts";
import { type ClusterState, type Filter, labelOf, type NodeState, type Refusal } from "../state/cluster-state.ts";

const SKEWED: Refusal = { reasons: ["node(s) didn't match pod topology spread constraints"], couldPreempt: true };
const NO_LABEL: Refusal = {
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  couldPreempt: false,
};

/** Constraints with `DoNotSchedule`: no domain may get ahead of the emptiest by more than `maxSkew` pods. */
export const podTopologySpread: Filter = {
  name: "PodTopologySpread",
  check({ pod }, cluster) {
    const constraints = spreadConstraints(pod, "DoNotSchedule");
    if (constraints.length === 0) return undefined;
    const counted = constraints.map((constraint) => {
      const domains = countDomains(constraint, constraints, cluster);
      const least = domains.size < constraint.minDomains ? 0 : Math.min(...domains.values());
      return { constraint, domains, least, self: constraint.counts(pod) ? 1 : 0 };
    });
    return (node) => {
      for (const { constraint, domains, least, self } of counted) {
        const value = labelOf(node, constraint.topologyKey);
        if (value === undefined) return NO_LABEL;
        if ((domains.get(value) ?? 0) + self - least > constraint.maxSkew) return SKEWED;
      }
      return undefined;
    };
  },
  mayHelp({ pod }, event) {
    const constraints = spreadConstraints(pod, "DoNotSchedule");
    switch (event.type) {
      case "node":
        return changesDomains(constraints, event.before, event.after);
      case "pod came":
      case "pod left":
        return constraints.some(({ counts }) => counts(event.pod));
      case "pod changed":
        return constraints.some(({ counts }) => counts(event.before) !== counts(event.after));
      default:
        return false;
    }
  },
};

/** Whether one of the domains, or what counts in it, may be another than before. */
function changesDomains(
  constraints: readonly SpreadConstraint[],
  before: Node | undefined,
  after: Node | undefined,
): boolean {
  const hasKeys = (node: Node | undefined) =>
    node !== undefined && constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined);
  if (!hasKeys(before) && !hasKeys(after)) return false;
  return !deepEqual(domainFacts(before), domainFacts(after));
}

function domainFacts(node: Node | undefined): unknown {
  return node && [node.metadata.labels ?? {}, node.spec.taints ?? []];
}

function countDomains(
  constraint: SpreadConstraint,
  all: readonly SpreadConstraint[],
  cluster: ClusterState,
): ReadonlyMap<string, number> {
  const domains = new Map<string, number>();
  const eligible = (node: NodeState) => hasTopologyKeys(node, all) && constraint.includes(node);
  for (const node of cluster.nodes.filter(eligible)) {
    const value = labelOf(node, constraint.topologyKey) ?? "";
    domains.set(value, (domains.get(value) ?? 0) + countOn(node, constraint));
  }
  return domains;
}
