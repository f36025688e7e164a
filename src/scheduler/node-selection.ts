import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { nodeSelectorMatches } from "@fairlead/api/selectors/node-selector";

/** Whether the pod has a `nodeSelector` or required node affinity. */
export function hasRequiredNodes({ spec }: Pod): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required !== undefined || Object.keys(spec.nodeSelector ?? {}).length > 0;
}

/** Whether the pod's `nodeSelector` and required node affinity allow a node. */
export function requiredNodes(pod: Pod): (node: Node) => boolean {
  const labels = Object.entries(pod.spec.nodeSelector ?? {});
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (node) =>
    labels.every(([name, value]) => node.metadata.labels?.[name] === value) &&
    (required === undefined || nodeSelectorMatches(required, node));
}
