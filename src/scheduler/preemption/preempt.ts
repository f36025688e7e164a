import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { fitMessage } from "../fit-message.ts";
import { checksFor, firstRefusal } from "../schedule.ts";
import type { ClusterState, NodeState, Refusal } from "../state/cluster-state.ts";
import { nodeState } from "../state/node-state.ts";
import type { PodFacts } from "../state/pod-facts.ts";

/** The reason in the condition `DisruptionTarget` of a pod that has to leave for a more important one. */
export const PREEMPTED = "PreemptionByScheduler";
/** Nodes that are tried; in large clusters a tenth of them. Upstream's figure. */
const CANDIDATES_MIN = 100;

const NOT_HELPFUL = "Preemption is not helpful for scheduling";
const NO_VICTIMS = "No preemption victims found for incoming pod";

/** Room on a node, once the victims have left it. */
export interface Preemption {
  readonly nodeName: string;
  readonly victims: readonly Pod[];
}

/** Returns the victims that make room for a pod; or, in upstream's words, why there are none. */
export type PreemptionResult = Preemption | { readonly message: string };

/**
 * Looks for the node that the pod would fit on if the fewest and least important pods of lower priority left it.
 *
 * @param refusals - Why each node does not take the pod as things are.
 */
export function planPreemption(
  pod: PodFacts,
  cluster: ClusterState,
  refusals: ReadonlyMap<NodeState, Refusal>,
): PreemptionResult {
  if (refusals.size === 0) return { message: "" };
  if (pod.pod.spec.preemptionPolicy === "Never") return { message: "not eligible due to preemptionPolicy=Never." };
  if (isUnderWay(pod.pod, cluster)) {
    return { message: "not eligible due to a terminating pod on the nominated node." };
  }
  const enough = Math.max(CANDIDATES_MIN, Math.floor(cluster.nodes.length / 10));
  const found: Preemption[] = [];
  const outcomes: Refusal[] = [];
  for (const [node, { couldPreempt }] of refusals) {
    const outcome = couldPreempt && found.length < enough ? victimsOn(node, pod, cluster) : refused(NOT_HELPFUL);
    if ("reasons" in outcome) outcomes.push(outcome);
    else found.push(outcome);
  }
  return found.reduce<Preemption | undefined>(better, undefined) ?? { message: fitMessage(outcomes, refusals.size) };
}

/** Whether pods are already on their way out to make room for this one. */
function isUnderWay({ spec, status }: Pod, cluster: ClusterState): boolean {
  const node = cluster.nodes.find(({ node: { metadata } }) => metadata.name === status.nominatedNodeName);
  return (node?.pods ?? []).some(
    ({ pod }) =>
      pod.metadata.deletionTimestamp !== undefined &&
      priorityOf(pod) < (spec.priority ?? 0) &&
      pod.status.conditions?.some(({ type, reason }) => type === "DisruptionTarget" && reason === PREEMPTED),
  );
}

/** Takes all less important pods off the node, and puts back what there is room for, the most important first. */
function victimsOn(node: NodeState, pod: PodFacts, cluster: ClusterState): Preemption | Refusal {
  const lower = node.pods.filter((other) => priorityOf(other.pod) < priorityOf(pod.pod)).sort(byImportance);
  if (lower.length === 0) return refused(NO_VICTIMS);
  const refusalWithout = (gone: ReadonlySet<PodFacts>) => {
    const left = nodeState(
      node.node,
      node.pods.filter((other) => !gone.has(other)),
    );
    const then = { ...cluster, nodes: cluster.nodes.map((other) => (other === node ? left : other)) };
    return firstRefusal(checksFor(pod, then), left);
  };
  const victims = new Set(lower);
  const refusal = refusalWithout(victims);
  if (refusal !== undefined) return refusal;
  for (const candidate of lower) {
    victims.delete(candidate);
    if (refusalWithout(victims) !== undefined) victims.add(candidate);
  }
  const inOrder = lower.filter((other) => victims.has(other));
  return { nodeName: node.node.metadata.name, victims: inOrder.map((other) => other.pod) };
}

function refused(reason: string): Refusal {
  return { reasons: [reason], couldPreempt: false };
}

function priorityOf({ spec }: Pod): number {
  return spec.priority ?? 0;
}

/** Higher priority is more important; of the same, what has been running for longer. */
function byImportance({ pod: a }: PodFacts, { pod: b }: PodFacts): number {
  return priorityOf(b) - priorityOf(a) || (startOf(a) < startOf(b) ? -1 : 1);
}

function startOf({ status }: Pod): string {
  return status.startTime ?? "~"; // After every time.
}

/** The one whose most important victim matters least, whose victims matter least together, are fewer, or are younger. */
function better(best: Preemption | undefined, other: Preemption): Preemption {
  if (best === undefined) return other;
  const [a, b] = [costOf(best), costOf(other)];
  const differing = a.findIndex((cost, i) => cost !== b[i]);
  if (differing < 0) return startOf(best.victims[0] as Pod) < startOf(other.victims[0] as Pod) ? other : best;
  return (b[differing] ?? 0) < (a[differing] ?? 0) ? other : best;
}

function costOf({ victims }: Preemption): readonly number[] {
  const priorities = victims.map(priorityOf);
  // Negative priorities must not make more victims look cheaper.
  const total = priorities.reduce((sum, priority) => sum + priority + 2 ** 31, 0);
  return [Math.max(...priorities), total, victims.length];
}
