import type { Node } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { deepEqual } from "@fairlead/api/deep-equal";
import type { PodFacts } from "./pod-facts.ts";

/** A change after which a pod may fit that fitted nowhere before. */
export type ClusterEvent =
  /** A node was added (no `before`), removed (no `after`) or changed. */
  | { readonly type: "node"; readonly before: Node | undefined; readonly after: Node | undefined }
  /** A pod takes room on its node from now on. */
  | { readonly type: "pod came"; readonly pod: Pod }
  /** A pod takes no room on that node any more, or none is kept for it. */
  | { readonly type: "pod left"; readonly pod: Pod; readonly nodeName: string }
  /** A pod that takes room on a node was changed. */
  | { readonly type: "pod changed"; readonly before: Pod; readonly after: Pod }
  /** A claim was added or changed. */
  | { readonly type: "claim"; readonly key: string }
  /** A volume was added (no `before`) or changed. */
  | { readonly type: "volume"; readonly before: PersistentVolume | undefined; readonly after: PersistentVolume };

/** The objects that a hint may read besides the event: as they are after it. */
export interface HintContext {
  node(name: string): Node | undefined;
  namespaceLabels(namespace: string): Readonly<Record<string, string>>;
}

/**
 * Says whether an event may make a pod schedulable that was refused for one reason.
 *
 * Must not miss an event that helps; may name one that does not. Source: upstream's queueing hints (KEP-4247).
 */
export type QueueingHint = (pod: PodFacts, event: ClusterEvent, context: HintContext) => boolean;

/** A filter or check that refused a pod. */
export interface Rejector {
  /** Upstream's plugin name: `NodeResourcesFit`. */
  readonly name: string;
  readonly mayHelp: QueueingHint;
}

/** Whether a node was added or changed so that a condition holds that did not hold before. */
export function nodeNow(event: ClusterEvent, holds: (node: Node) => boolean): boolean {
  if (event.type !== "node" || event.after === undefined || !holds(event.after)) return false;
  return event.before === undefined || !holds(event.before);
}

/** Whether a node was added, or its labels changed. */
export function nodeLabelsChanged(event: ClusterEvent): boolean {
  if (event.type !== "node" || event.after === undefined) return false;
  return (
    event.before === undefined || !deepEqual(event.before.metadata.labels ?? {}, event.after.metadata.labels ?? {})
  );
}
