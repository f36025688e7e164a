import { conditionOf } from "@fairlead/api/condition-of";
import type { NodeCondition } from "@fairlead/api/core/v1/node/node";

/** Events for the changes of a node's conditions. Upstream's reasons: `setters.go` of its kubelet. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  MemoryPressure: { True: "NodeHasInsufficientMemory", False: "NodeHasSufficientMemory" },
  DiskPressure: { True: "NodeHasDiskPressure", False: "NodeHasNoDiskPressure" },
  PIDPressure: { True: "NodeHasInsufficientPID", False: "NodeHasSufficientPID" },
  Ready: { True: "NodeReady", False: "NodeNotReady" },
};

/** One event about a node. All of them are of type Normal: problems are in the conditions. */
export interface NodeEvent {
  readonly reason: string;
  readonly message: string;
}

/** A new node is not ready: this causes no event. */
function unsaid(type: string): NodeCondition["status"] {
  return type === "Ready" ? "False" : "Unknown";
}

/** Returns the events for a node whose conditions were `before` and are now `after`. */
export function nodeEvents(
  nodeName: string,
  before: readonly NodeCondition[] = [],
  after: readonly NodeCondition[] = [],
): readonly NodeEvent[] {
  return after
    .filter(({ type, status }) => (conditionOf(before, type)?.status ?? unsaid(type)) !== status)
    .flatMap(({ type, status }) => {
      const reason = REASONS[type]?.[status];
      return reason === undefined ? [] : [{ reason, message: `Node ${nodeName} status is now: ${reason}` }];
    });
}
