import type { Node } from "../api/core/v1/node.ts";
import type { NodeSelectorRequirement, NodeSelectorTerm } from "../api/core/v1/pod/affinity.ts";
import type { Pod } from "../api/core/v1/pod/pod.ts";
import { type Labels, meetsRequirement } from "../api/selectors/requirement.ts";

/** Whether the pod's `nodeSelector` and required node affinity allow a node. */
export function requiredNodes(pod: Pod): (node: Node) => boolean {
  const labels = Object.entries(pod.spec.nodeSelector ?? {});
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (node) =>
    labels.every(([name, value]) => node.metadata.labels?.[name] === value) &&
    (required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(node, term)));
}

/** Whether the node meets every requirement of the term. A term without requirements matches nothing. */
export function matchesTerm(node: Node, { matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    matchExpressions.every((requirement) => meets(requirement, node.metadata.labels)) &&
    matchFields.every(
      (requirement) =>
        requirement.key === "metadata.name" && meets(requirement, { "metadata.name": node.metadata.name }),
    )
  );
}

function meets({ key, operator, values = [] }: NodeSelectorRequirement, labels: Labels = {}): boolean {
  return meetsRequirement({ key, operator, values }, labels);
}
