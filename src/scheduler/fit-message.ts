import type { Refusal } from "./state/cluster-state.ts";

/** Message about a pod when there are no nodes at all. */
export const NO_NODES = "no nodes available to schedule pods";

/** Further parts of the message about a pod that no node takes. */
export interface FitDetails {
  /** The outcome of preemption. */
  readonly preemption?: string | undefined;
  /** Why no node at all will do, in place of the reasons of each node. */
  readonly podRefusal?: string | undefined;
}

/**
 * Upstream's sentence on why no node takes a pod: `0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.`
 *
 * @param refusals - One per node that was looked at and refused.
 */
export function fitMessage(
  refusals: readonly Refusal[],
  nodeCount: number,
  { preemption = "", podRefusal }: FitDetails = {},
): string {
  if (nodeCount === 0) return NO_NODES;
  const counts = new Map<string, number>();
  for (const reason of refusals.flatMap(({ reasons }) => reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const counted = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  const reasons = podRefusal === undefined ? counted : [podRefusal];
  const why = reasons.length === 0 ? "" : `: ${reasons.join(", ")}.`;
  return `0/${nodeCount} nodes are available${why}${preemption === "" ? "" : ` preemption: ${preemption}`}`;
}
