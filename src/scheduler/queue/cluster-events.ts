import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { deepEqual } from "@fairlead/api/deep-equal";
import type { CacheChange } from "@fairlead/client/cache/cache";
import type { ClusterEvent } from "../state/cluster-event.ts";
import { factsOf } from "../state/pod-facts.ts";

/** Returns the events that a change of a node is. Heartbeats are none. */
export function nodeEvents({ before, after }: Pick<CacheChange<Node>, "before" | "after">): readonly ClusterEvent[] {
  if (before !== undefined && after !== undefined && nodeText(before) === nodeText(after)) return [];
  return [{ type: "node", before, after }];
}

/** The parts of a node that filters look at. */
function nodeText({ metadata, spec, status }: Node): string {
  return JSON.stringify([metadata.labels, spec.taints, spec.unschedulable, status.allocatable]);
}

/** Returns the events that a change of a pod is for other pods. */
export function podEvents({ before, after }: Pick<CacheChange<Pod>, "before" | "after">): readonly ClusterEvent[] {
  // Deleted and created again under the same name, seen as one change.
  if (before !== undefined && after !== undefined && before.metadata.uid !== after.metadata.uid) {
    return [...podEvents({ before, after: undefined }), ...podEvents({ before: undefined, after })];
  }
  const [from, to] = [before, after].map((pod) => pod && roomOf(pod));
  const hasLeft = before !== undefined && from !== undefined && from !== to;
  const left: readonly ClusterEvent[] = hasLeft ? [{ type: "pod left", pod: before, nodeName: from }] : [];
  if (after === undefined || !isPlaced(after)) return left;
  if (before === undefined || !isPlaced(before)) return [...left, { type: "pod came", pod: after }];
  return changesOthers(before, after) ? [...left, { type: "pod changed", before, after }] : left;
}

/** Whether the pod takes room on a node. */
export function isPlaced({ spec, status }: Pod): boolean {
  return (spec.nodeName ?? "") !== "" && !isOver(status.phase);
}

/** The node on which the pod takes room, or on which room is kept for it. */
function roomOf({ spec, status }: Pod): string | undefined {
  return isOver(status.phase) ? undefined : spec.nodeName || status.nominatedNodeName || undefined;
}

function isOver(phase: string | undefined): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

/** Whether filters see the pod otherwise: its labels, its requests, and that it is about to end. */
function changesOthers(before: Pod, after: Pod): boolean {
  const isEnding = ({ metadata }: Pod) => metadata.deletionTimestamp !== undefined;
  const seen = (pod: Pod) => [pod.metadata.labels ?? {}, Object.fromEntries(factsOf(pod).requests)];
  return isEnding(before) !== isEnding(after) || !deepEqual(seen(before), seen(after));
}
