import type { Node } from "../../api/core/v1/node.ts";
import type { EventRecorder } from "../../client/events/event-recorder.ts";
import { isReady, readyCondition } from "./health.ts";

/** What is told about nodes as they come, go and fall ill: once each. */
export interface NodeNews {
  /** The node is there. */
  isThere(node: Node): void;
  isGone(name: string): void;
  /** Whether the node has stopped being ready since {@link toldPods}. */
  hasFallenIll(node: Node): boolean;
  /** The node's pods know how it is. */
  toldPods(node: Node): void;
}

/** Nothing told yet. */
export function nodeNews(events: Pick<EventRecorder, "record">): NodeNews {
  const known = new Map<string, { readonly uid: string; readonly ready: boolean }>();

  const tell = (node: { readonly name: string; readonly uid: string }, reason: string, message: string) =>
    events.record({ kind: "Node", apiVersion: "v1", ...node }, { type: "Normal", reason, message });

  return {
    isThere({ metadata: { name, uid } }) {
      if (known.get(name)?.uid === uid) return;
      known.set(name, { uid, ready: true });
      tell({ name, uid }, "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
    },
    isGone(name) {
      const uid = known.get(name)?.uid;
      if (uid === undefined) return;
      known.delete(name);
      tell({ name, uid }, "RemovingNode", `Node ${name} event: Removing Node ${name} from Controller`);
    },
    hasFallenIll: (node) =>
      known.get(node.metadata.name)?.ready === true && readyCondition(node) !== undefined && !isReady(node),
    toldPods(node) {
      const { name, uid } = node.metadata;
      const ready = isReady(node);
      if (!ready && known.get(name)?.ready)
        tell({ name, uid }, "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
      known.set(name, { uid, ready: ready || readyCondition(node) === undefined });
    },
  };
}
