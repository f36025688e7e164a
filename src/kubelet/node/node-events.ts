import type { NodeCondition } from "../../api/core/v1/node.ts";

/** What is told of a node when one of its conditions turns. Upstream's reasons: `setters.go` of its kubelet. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  MemoryPressure: { True: "NodeHasInsufficientMemory", False: "NodeHasSufficientMemory" },
  DiskPressure: { True: "NodeHasDiskPressure", False: "NodeHasNoDiskPressure" },
  PIDPressure: { True: "NodeHasInsufficientPID", False: "NodeHasSufficientPID" },
  Ready: { True: "NodeReady", False: "NodeNotReady" },
};

/** One thing to tell of a node. All of them are normal: whoever is to worry looks at the conditions. */
export interface NodeEvent {
  readonly reason: string;
  readonly message: string;
}

/** What is to be told of a node whose conditions were `before` and are now `after`. */
export function nodeEvents(
  nodeName: string,
  before: readonly NodeCondition[] = [],
  after: readonly NodeCondition[] = [],
): readonly NodeEvent[] {
  return after
    .filter(({ type, status }) => before.find((condition) => condition.type === type)?.status !== status)
    .flatMap(({ type, status }) => {
      const reason = REASONS[type]?.[status];
      return reason === undefined ? [] : [{ reason, message: `Node ${nodeName} status is now: ${reason}` }];
    });
}
