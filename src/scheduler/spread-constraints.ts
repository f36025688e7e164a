import type { TopologySpreadConstraint } from "@fairlead/api/core/v1/pod/affinity";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { requirementsOf } from "@fairlead/api/selectors/label-selector";
import { meetsAll } from "@fairlead/api/selectors/requirement";
import { LABEL } from "@fairlead/api/well-known";
import { ownLabels } from "./affinity-terms.ts";
import { requiredNodes } from "./node-selection.ts";
import { type ClusterState, labelOf, type NodeState } from "./state/cluster-state.ts";
import { tolerates } from "./tolerations.ts";

/** A constraint on how pods are spread, ready to be asked. */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  /** The same for constraints that count the same pods. */
  readonly countsKey: string;
  /** Whether the pod is one of those that are to be spread. Pods on their way out are not. */
  counts(pod: Pod): boolean;
  /** Whether pods on that node count, by the constraint's policies on affinity and taints. */
  includes(node: NodeState): boolean;
}

type Kind = TopologySpreadConstraint["whenUnsatisfiable"];

const known = new WeakMap<Pod, ReadonlyMap<Kind, readonly SpreadConstraint[]>>();

/** The pod's own constraints of one kind; pods are readonly, so that they are worked out once per object. */
export function spreadConstraints(pod: Pod, kind: Kind): readonly SpreadConstraint[] {
  let ofPod = known.get(pod);
  if (ofPod === undefined) {
    const all = pod.spec.topologySpreadConstraints ?? [];
    ofPod = new Map(
      [...Map.groupBy(all, ({ whenUnsatisfiable }) => whenUnsatisfiable)].map(([one, constraints]) => [
        one,
        constraints.map((constraint) => spreadConstraint(pod, constraint)),
      ]),
    );
    known.set(pod, ofPod);
  }
  return ofPod.get(kind) ?? [];
}

function spreadConstraint(pod: Pod, constraint: TopologySpreadConstraint): SpreadConstraint {
  const { labelSelector, matchLabelKeys, nodeAffinityPolicy = "Honor", nodeTaintsPolicy = "Ignore" } = constraint;
  const isWanted = requiredNodes(pod);
  const labels = labelSelector && [...requirementsOf(labelSelector), ...ownLabels(pod, matchLabelKeys, "In")];
  return {
    topologyKey: constraint.topologyKey,
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    countsKey: JSON.stringify([pod.metadata.namespace, labels]),
    counts: (other) => isSibling(pod, other) && labels !== undefined && meetsAll(labels, other.metadata.labels),
    includes: (node) =>
      (nodeAffinityPolicy !== "Honor" || isWanted(node.node)) && (nodeTaintsPolicy !== "Honor" || tolerated(pod, node)),
  };
}

/**
 * The spreading that pods get without asking for it: those that its Services and its ReplicaSet all select go to
 * different nodes, and more loosely to different zones. None for a pod that nothing stands for.
 */
export function defaultSpreadConstraints(pod: Pod, cluster: ClusterState): readonly SpreadConstraint[] {
  const ofServices = cluster.servicesOf(pod).map(({ spec }) => ({ matchLabels: spec.selector ?? {} }));
  const ofOwner = cluster.ownerSelectorOf(pod);
  const selected = [...ofServices, ...(ofOwner === undefined ? [] : [ofOwner])].flatMap(requirementsOf);
  if (selected.length === 0) return [];
  const isWanted = requiredNodes(pod);
  const counts = (other: Pod) => isSibling(pod, other) && meetsAll(selected, other.metadata.labels);
  const includes = (node: NodeState) => isWanted(node.node);
  const countsKey = JSON.stringify([pod.metadata.namespace, selected]);
  const common = { minDomains: 1, countsKey, counts, includes };
  return [
    { topologyKey: LABEL.hostname, maxSkew: 3, ...common },
    { topologyKey: LABEL.zone, maxSkew: 5, ...common },
  ];
}

/** Whether the node has the keys of all constraints. */
export function hasTopologyKeys(node: NodeState, constraints: readonly SpreadConstraint[]): boolean {
  return constraints.every(({ topologyKey }) => labelOf(node, topologyKey) !== undefined);
}

/** Counts that were made before. A node's state never changes: when the node does, it gets another. */
const counted = new WeakMap<NodeState, Map<string, number>>();

/** How many pods on the node count for the constraint. */
export function countOn(node: NodeState, { countsKey, counts }: SpreadConstraint): number {
  let known = counted.get(node);
  if (known === undefined) {
    known = new Map();
    counted.set(node, known);
  }
  let count = known.get(countsKey);
  if (count === undefined) {
    count = node.pods.reduce((total, { pod }) => (counts(pod) ? total + 1 : total), 0);
    known.set(countsKey, count);
  }
  return count;
}

function isSibling(pod: Pod, other: Pod): boolean {
  return other.metadata.namespace === pod.metadata.namespace && other.metadata.deletionTimestamp === undefined;
}

function tolerated(pod: Pod, { node }: NodeState): boolean {
  return (node.spec.taints ?? []).every(
    (taint) => taint.effect === "PreferNoSchedule" || tolerates(pod.spec.tolerations, taint),
  );
}
