import { conditionOf } from "@fairlead/api/condition-of";
import type { Node, NodeCondition } from "@fairlead/api/core/v1/node/node";

/** Conditions that only the node's kubelet knows: they become Unknown when it stops reporting. */
const KUBELET_CONDITIONS = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** Returns the condition `Ready`, if the kubelet has ever reported it. */
export function readyCondition({ status }: Node): NodeCondition | undefined {
  return conditionOf(status.conditions, "Ready");
}

/** Whether the kubelet says that the node is ready. */
export function isReady(node: Node): boolean {
  return readyCondition(node)?.status === "True";
}

/**
 * The conditions of a node that was silent for too long: everything its kubelet reported is unknown now. `undefined` when
 * they say so already.
 *
 * @param now - The time as the API writes it.
 */
export function silentConditions({ metadata, status }: Node, now: string): readonly NodeCondition[] | undefined {
  const conditions = status.conditions ?? [];
  let changed = false;
  const known = conditions.map((condition) => {
    if (!KUBELET_CONDITIONS.includes(condition.type) || condition.status === "Unknown") return condition;
    changed = true;
    const reason = "NodeStatusUnknown";
    const message = "Kubelet stopped posting node status.";
    return { ...condition, status: "Unknown" as const, reason, message, lastTransitionTime: now };
  });
  const missing = KUBELET_CONDITIONS.filter((type) => !conditions.some((condition) => condition.type === type));
  const made = missing.map(
    (type): NodeCondition => ({
      type,
      status: "Unknown",
      reason: "NodeStatusNeverUpdated",
      message: "Kubelet never posted node status.",
      lastHeartbeatTime: metadata.creationTimestamp,
      lastTransitionTime: now,
    }),
  );
  return changed || made.length > 0 ? [...known, ...made] : undefined;
}
