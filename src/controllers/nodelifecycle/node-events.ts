import type { Node } from "@fairlead/api/core/v1/node/node";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { readyCondition } from "./health.ts";

/** Records events about nodes that join, leave or stop reporting: one for each change. */
export interface NodeEvents {
  /** The node is there. */
  isThere(node: Node): void;
  isGone(name: string): void;
  /**
   * Whether the node has fallen silent since {@link podsMarked}.
   *
   * A kubelet that reports its node as not ready also reports the state of its pods.
   */
  hasFallenSilent(node: Node): boolean;
  /** The node's pods were marked as its state requires. */
  podsMarked(node: Node): void;
}

/** No event recorded yet. */
export function recordNodeEvents(events: Pick<EventRecorder, "record">): NodeEvents {
  const known = new Map<string, { readonly uid: string; readonly silent: boolean }>();
  const isSilent = (node: Node) => readyCondition(node)?.status === "Unknown";

  const record = (node: { readonly name: string; readonly uid: string }, reason: string, message: string) =>
    events.record({ kind: "Node", apiVersion: "v1", ...node }, { type: "Normal", reason, message });

  return {
    isThere({ metadata: { name, uid } }) {
      if (known.get(name)?.uid === uid) return;
      known.set(name, { uid, silent: false });
      record({ name, uid }, "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
    },
    isGone(name) {
      const uid = known.get(name)?.uid;
      if (uid === undefined) return;
      known.delete(name);
      record({ name, uid }, "RemovingNode", `Node ${name} event: Removing Node ${name} from Controller`);
    },
    hasFallenSilent: (node) => known.get(node.metadata.name)?.silent === false && isSilent(node),
    podsMarked(node) {
      const { name, uid } = node.metadata;
      const silent = isSilent(node);
      if (silent && known.get(name)?.silent === false) {
        record({ name, uid }, "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
      }
      known.set(name, { uid, silent });
    },
  };
}
