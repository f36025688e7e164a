import { interPodAffinity } from "./filters/inter-pod-affinity.ts";
import { nodeAffinity } from "./filters/node-affinity.ts";
import { nodeName } from "./filters/node-name.ts";
import { nodePorts } from "./filters/node-ports.ts";
import { nodeResourcesFit } from "./filters/node-resources-fit.ts";
import { nodeUnschedulable } from "./filters/node-unschedulable.ts";
import { podTopologySpread } from "./filters/pod-topology-spread.ts";
import { taintToleration } from "./filters/taint-toleration.ts";
import { claimsAreBound, volumeBinding } from "./filters/volume-binding.ts";
import { volumeRestrictions } from "./filters/volume-restrictions.ts";
import { volumeZone } from "./filters/volume-zone.ts";
import { balancedAllocation } from "./scores/balanced-allocation.ts";
import { imageLocality } from "./scores/image-locality.ts";
import { interPodAffinity as interPodAffinityScore } from "./scores/inter-pod-affinity.ts";
import { leastAllocated } from "./scores/least-allocated.ts";
import { nodeAffinity as nodeAffinityScore } from "./scores/node-affinity.ts";
import { podTopologySpread as podTopologySpreadScore } from "./scores/pod-topology-spread.ts";
import { taintToleration as taintTolerationScore } from "./scores/taint-toleration.ts";
import type { Rejector } from "./state/cluster-event.ts";
import type { ClusterState, Filter, NodeState, PodCheck, Refusal, Score } from "./state/cluster-state.ts";
import type { PodFacts } from "./state/pod-facts.ts";

/** In upstream's order. The first that refuses a node says why. */
export const filters: readonly Filter[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
];

/** The first that refuses a pod says why; no node is looked at then. */
const podChecks: readonly PodCheck[] = [claimsAreBound];

/** Upstream's default weights. */
const scores: readonly { readonly score: Score; readonly weight: number }[] = [
  { score: taintTolerationScore, weight: 3 },
  { score: nodeAffinityScore, weight: 2 },
  { score: podTopologySpreadScore, weight: 2 },
  { score: interPodAffinityScore, weight: 2 },
  { score: leastAllocated, weight: 1 },
  { score: balancedAllocation, weight: 1 },
  { score: imageLocality, weight: 1 },
];

/** The chosen node; or why there is none. */
export type ScheduleResult =
  | { readonly node: NodeState; readonly nodesLookedAt: number }
  /** Every node refused: why, in the order of `cluster.nodes`; or nothing about nodes, but about the pod. */
  | {
      readonly node: undefined;
      readonly refusals: ReadonlyMap<NodeState, Refusal>;
      /** Why no node at all will do. No other pod's leaving helps then. */
      readonly podRefusal?: string;
      /** The filters that refused a node first, or the check that refused the pod: what they wait for may help. */
      readonly rejectedBy: readonly Rejector[];
    };

/** What a decision depends on besides the pod and the cluster. */
export interface ScheduleOptions {
  /** Where among the nodes to begin, so that in large clusters not always the same ones are looked at. */
  readonly startAt: number;
  /** In [0, 1): chooses between equally good nodes. */
  random(): number;
}

/** Chooses the best node for a pod. Pure: the same inputs give the same node. */
export function schedule(pod: PodFacts, cluster: ClusterState, { startAt, random }: ScheduleOptions): ScheduleResult {
  const rejected = firstPodRefusal(pod, cluster);
  if (rejected !== undefined) {
    const refusal: Refusal = { reasons: [rejected.podRefusal], couldPreempt: false };
    return { node: undefined, refusals: new Map(cluster.nodes.map((node) => [node, refusal])), ...rejected };
  }
  const checks = checksFor(pod, cluster);
  const rejectedBy = new Set<Rejector>();
  const enough = nodesToFind(cluster.nodes.length);
  const refusals = new Map<NodeState, Refusal>();
  const feasible: NodeState[] = [];
  let nodesLookedAt = 0;
  for (; nodesLookedAt < cluster.nodes.length && feasible.length < enough; nodesLookedAt++) {
    const node = cluster.nodes[(startAt + nodesLookedAt) % cluster.nodes.length];
    if (node === undefined) break;
    const refusal = firstRefusal(checks, node);
    if (refusal === undefined) feasible.push(node);
    else {
      refusals.set(node, refusal);
      rejectedBy.add(refusal.filter);
    }
  }
  const node = feasible.length > 1 ? best(pod, cluster, feasible, random) : feasible[0];
  return node === undefined ? { node, refusals, rejectedBy: [...rejectedBy] } : { node, nodesLookedAt };
}

function firstPodRefusal(pod: PodFacts, cluster: ClusterState) {
  for (const check of podChecks) {
    const podRefusal = check.check(pod, cluster);
    if (podRefusal !== undefined) return { podRefusal, rejectedBy: [check] };
  }
  return undefined;
}

/** A filter that has looked at the pod and the cluster, and can be asked about nodes. */
export interface NodeCheck {
  readonly filter: Filter;
  ask(node: NodeState): Refusal | undefined;
}

/** Has all filters look at the pod and the cluster. Those that refuse no node for it are left out. */
export function checksFor(pod: PodFacts, cluster: ClusterState): readonly NodeCheck[] {
  return filters.flatMap((filter) => {
    const ask = filter.check(pod, cluster);
    return ask === undefined ? [] : [{ filter, ask }];
  });
}

/** Asks the filters about one node. Returns the first refusal, and whose it is. */
export function firstRefusal(
  checks: readonly NodeCheck[],
  node: NodeState,
): (Refusal & { readonly filter: Filter }) | undefined {
  for (const { filter, ask } of checks) {
    const refusal = ask(node);
    if (refusal !== undefined) return { ...refusal, filter };
  }
  return undefined;
}

/** All nodes up to 100; of more, a share that falls from half to a twentieth. As upstream. */
function nodesToFind(count: number): number {
  if (count < 100) return count;
  const percent = Math.max(5, 50 - Math.floor(count / 125));
  return Math.max(100, Math.floor((count * percent) / 100));
}

function best(
  pod: PodFacts,
  cluster: ClusterState,
  nodes: readonly NodeState[],
  random: () => number,
): NodeState | undefined {
  const totals = nodes.map(() => 0);
  for (const { score, weight } of scores) {
    score(pod, cluster, nodes).forEach((value, i) => {
      totals[i] = (totals[i] ?? 0) + value * weight;
    });
  }
  const highest = Math.max(...totals);
  const winners = nodes.filter((_, i) => totals[i] === highest);
  return winners[Math.floor(random() * winners.length)];
}
