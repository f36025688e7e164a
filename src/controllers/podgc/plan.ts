import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { isPodTerminal } from "../service-pods/pod-readiness.ts";

/** Everything the plan may depend on. */
export interface PodGcInputs {
  readonly pods: readonly Pod[];
  hasNode(name: string): boolean;
  /** Nodes that were found missing when last looked, so long ago that this was no race with their creation. */
  readonly missingNodes: ReadonlySet<string>;
  /** Whether the node says that it is out of service, by the taint `node.kubernetes.io/out-of-service`, and is not ready. */
  isOutOfService(node: string): boolean;
  /** Ended pods that are kept. */
  readonly terminatedPodsMax: number;
}

/** A pod to be deleted. */
export interface DoomedPod {
  readonly pod: Pod;
  /** Why its end came from outside, for the condition `DisruptionTarget`; absent for a pod that had ended already. */
  readonly disruption: { readonly reason: string; readonly message: string } | undefined;
}

/** What to delete now, and what to look at again. */
export interface PodGcPlan {
  readonly doomed: readonly DoomedPod[];
  /** Nodes that pods name and that are not there: to be looked at again before their pods are deleted. */
  readonly suspectNodes: ReadonlySet<string>;
}

/** Returns the pods that no other component will ever delete. */
export function planPodGc(inputs: PodGcInputs): PodGcPlan {
  const suspectNodes = new Set<string>();
  const doomed = inputs.pods.flatMap((pod): DoomedPod[] => {
    const nodeName = pod.spec.nodeName ?? "";
    if (nodeName !== "" && !inputs.hasNode(nodeName)) {
      suspectNodes.add(nodeName);
      return inputs.missingNodes.has(nodeName)
        ? [{ pod, disruption: { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" } }]
        : [];
    }
    if (pod.metadata.deletionTimestamp === undefined) return [];
    if (nodeName === "") return [{ pod, disruption: undefined }];
    return inputs.isOutOfService(nodeName)
      ? [{ pod, disruption: { reason: "DeletionByPodGC", message: "PodGC: node is out of service" } }]
      : [];
  });
  return { doomed: [...doomed, ...surplus(inputs)], suspectNodes };
}

/** Ended pods beyond the limit: evicted ones first, then the oldest. */
function surplus({ pods, terminatedPodsMax }: PodGcInputs): readonly DoomedPod[] {
  const ended = pods.filter((pod) => isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined);
  const isEvicted = (pod: Pod) => pod.status.reason === "Evicted";
  const inOrder = ended.sort((a, b) => {
    if (isEvicted(a) !== isEvicted(b)) return isEvicted(a) ? -1 : 1;
    const [left, right] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp} ${metadata.name}`);
    return (left ?? "") < (right ?? "") ? -1 : 1;
  });
  return inOrder.slice(0, Math.max(0, ended.length - terminatedPodsMax)).map((pod) => ({ pod, disruption: undefined }));
}
