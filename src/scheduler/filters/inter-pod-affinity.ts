import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { deepEqual } from "@fairlead/api/deep-equal";
import type { AffinityTerm } from "../affinity-terms.ts";
import { type ClusterEvent, type HintContext, nodeLabelsChanged } from "../state/cluster-event.ts";
import { type ClusterState, type Filter, labelOf, type NodeState, type Refusal } from "../state/cluster-state.ts";
import { factsOf, type PodFacts } from "../state/pod-facts.ts";

/** Topology domains (`key=value`) and how many terms were met there. */
type Domains = Map<string, number>;

/** Required pod affinity and anti-affinity: the pod's own, and the anti-affinity of those that are there already. */
export const interPodAffinity: Filter = {
  name: "InterPodAffinity",
  check: checkAffinity,
  mayHelp(facts, event, { namespaceLabels }) {
    switch (event.type) {
      case "node":
        return mayJoin(facts, event);
      case "pod came":
        return mayBeCompany(facts, event.pod, namespaceLabels);
      case "pod left":
        return mayBeInTheWay(facts, event.pod, namespaceLabels);
      case "pod changed":
        // Terms may take values from the labels of their own pod.
        return (
          !deepEqual(event.before.metadata.labels ?? {}, event.after.metadata.labels ?? {}) &&
          (mayBeInTheWay(facts, event.before, namespaceLabels) || mayBeCompany(facts, event.after, namespaceLabels))
        );
      default:
        return false;
    }
  },
};

function checkAffinity(facts: PodFacts, cluster: ClusterState): ((node: NodeState) => Refusal | undefined) | undefined {
  const forbidden = domainsForbiddenByOthers(facts, cluster);
  const hasTerms = facts.requiredAffinity.length > 0 || facts.requiredAntiAffinity.length > 0;
  if (forbidden.size === 0 && !hasTerms) return undefined;
  const wanted = domainsOf(facts.requiredAffinity, cluster, "all");
  const avoided = domainsOf(facts.requiredAntiAffinity, cluster, "any");
  const isFirst = wanted.size === 0 && matchesAll(facts.requiredAffinity, facts, cluster);
  return (node) => {
    if (Object.entries(node.node.metadata.labels ?? {}).some(([key, value]) => forbidden.has(`${key}=${value}`))) {
      return refused("node(s) didn't satisfy existing pods anti-affinity rules", true);
    }
    if (!affinityIsMet(facts.requiredAffinity, wanted, { node, isFirst })) {
      return refused("node(s) didn't match pod affinity rules", false);
    }
    return facts.requiredAntiAffinity.some((term) => avoided.has(domainOf(term, node) ?? ""))
      ? refused("node(s) didn't match pod anti-affinity rules", true)
      : undefined;
  };
}

type NamespaceLabels = HintContext["namespaceLabels"];

/** Nodes without the keys of required affinity take no pod, and their pods are company for none. */
function mayJoin({ requiredAffinity }: PodFacts, event: ClusterEvent & { readonly type: "node" }): boolean {
  const hasKeys = (node: Node | undefined) =>
    node !== undefined &&
    requiredAffinity.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined);
  const isOther = event.after === undefined || nodeLabelsChanged(event);
  return isOther && (hasKeys(event.before) || hasKeys(event.after));
}

/** Whether the pod is one that `facts` wants to be near. */
function mayBeCompany({ requiredAffinity }: PodFacts, other: Pod, namespaceLabels: NamespaceLabels): boolean {
  if (requiredAffinity.length === 0) return false;
  return requiredAffinity.every((term) => term.matches(other, namespaceLabels(other.metadata.namespace ?? "")));
}

/** Whether the pod keeps `facts` away from its domain, or from being the first of its group. */
function mayBeInTheWay(facts: PodFacts, other: Pod, namespaceLabels: NamespaceLabels): boolean {
  const theirs = namespaceLabels(other.metadata.namespace ?? "");
  const ours = namespaceLabels(facts.pod.metadata.namespace ?? "");
  return (
    facts.requiredAntiAffinity.some((term) => term.matches(other, theirs)) ||
    factsOf(other).requiredAntiAffinity.some((term) => term.matches(facts.pod, ours)) ||
    mayBeCompany(facts, other, namespaceLabels)
  );
}

function refused(reason: string, couldPreempt: boolean): Refusal {
  return { reasons: [reason], couldPreempt };
}

function domainOf(term: AffinityTerm, node: NodeState): string | undefined {
  const value = labelOf(node, term.topologyKey);
  return value === undefined ? undefined : `${term.topologyKey}=${value}`;
}

/**
 * Every domain of the terms must hold a pod that meets them all.
 *
 * The first of a group of pods that want to be together would wait for ever: it may go anywhere where the keys exist.
 */
function affinityIsMet(
  terms: readonly AffinityTerm[],
  wanted: Domains,
  { node, isFirst }: { readonly node: NodeState; readonly isFirst: boolean },
): boolean {
  return terms.every((term) => {
    const domain = domainOf(term, node);
    return domain !== undefined && (isFirst || wanted.has(domain));
  });
}

function domainsForbiddenByOthers({ pod }: PodFacts, cluster: ClusterState): Domains {
  const domains: Domains = new Map();
  const labels = cluster.namespaceLabels(pod.metadata.namespace ?? "");
  for (const node of cluster.nodes) {
    for (const other of node.podsWithAntiAffinity) {
      for (const term of other.requiredAntiAffinity) {
        if (term.matches(pod, labels)) count(domains, domainOf(term, node));
      }
    }
  }
  return domains;
}

/** The domains with pods that meet all of the terms, or any of them. */
function domainsOf(terms: readonly AffinityTerm[], cluster: ClusterState, which: "all" | "any"): Domains {
  const domains: Domains = new Map();
  if (terms.length === 0) return domains;
  for (const node of cluster.nodes) {
    for (const other of node.pods) {
      const met = terms.filter((term) => matches(term, other, cluster));
      if (which === "all" && met.length < terms.length) continue;
      for (const term of met) count(domains, domainOf(term, node));
    }
  }
  return domains;
}

function matchesAll(terms: readonly AffinityTerm[], facts: PodFacts, cluster: ClusterState): boolean {
  return terms.every((term) => matches(term, facts, cluster));
}

function matches(term: AffinityTerm, { pod }: PodFacts, cluster: ClusterState): boolean {
  return term.matches(pod, cluster.namespaceLabels(pod.metadata.namespace ?? ""));
}

function count(domains: Domains, domain: string | undefined): void {
  if (domain !== undefined) domains.set(domain, (domains.get(domain) ?? 0) + 1);
}
