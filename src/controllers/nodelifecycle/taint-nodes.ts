import type { Node } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import { now } from "../api-time.ts";
import { isReady } from "./health.ts";
import { type EvictionStep, plannedTaints } from "./taints.ts";
import { zoneOf, zoneState } from "./zones.ts";

/** Keeps the taints of a node as its conditions want them. */
export type TaintNode = (node: Node, signal: AbortSignal) => Promise<void>;

/** See {@link TaintNode}. Nodes are given up one after another, at the pace of their zone. */
export function taintNodes({
  client,
  nodes,
  clock,
}: {
  readonly client: Client;
  readonly nodes: Pick<Cache<Node>, "list">;
  readonly clock: Clock;
}): TaintNode {
  /** When a node of the zone was last given up. */
  const lastEvictionMs = new Map<string, number>();

  function evictionStep(zone: string): EvictionStep {
    const { isBlackout, nodesPerSecond } = zoneState(nodes.list(), zone);
    if (isBlackout) return "clear";
    if (nodesPerSecond === 0) return "leave";
    const sinceMs = clock.monotonicMs() - (lastEvictionMs.get(zone) ?? Number.NEGATIVE_INFINITY);
    return sinceMs * nodesPerSecond >= 1000 ? "evict" : "leave";
  }

  return async (node, signal) => {
    const zone = zoneOf(node);
    const step = isReady(node) ? "clear" : evictionStep(zone);
    const taints = plannedTaints(node, step, now(clock));
    if (taints === undefined) return;
    const isNewlyEvicted = step === "evict" && !isEvicted(node.spec.taints) && isEvicted(taints);
    if (isNewlyEvicted) lastEvictionMs.set(zone, clock.monotonicMs());
    await client.update(nodeKind, { ...node, spec: { ...node.spec, taints } }, { signal });
  };
}

function isEvicted(taints: Node["spec"]["taints"]): boolean {
  return taints?.some(({ key, effect }) => effect === "NoExecute" && key.startsWith("node.kubernetes.io/")) ?? false;
}
