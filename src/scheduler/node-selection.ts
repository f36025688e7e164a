import type { Node } from "../api/core/v1/node.ts";
import type { NodeSelectorRequirement, NodeSelectorTerm } from "../api/core/v1/pod/affinity.ts";
import type { Pod } from "../api/core/v1/pod/pod.ts";

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
    matchExpressions.every((requirement) => meets(requirement, node.metadata.labels?.[requirement.key])) &&
    matchFields.every((requirement) => requirement.key === "metadata.name" && meets(requirement, node.metadata.name))
  );
}

function meets({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return compared(value, values[0], (a, b) => a > b);
    case "Lt":
      return compared(value, values[0], (a, b) => a < b);
  }
}

function compared(
  value: string | undefined,
  bound: string | undefined,
  holds: (a: bigint, b: bigint) => boolean,
): boolean {
  const isInteger = (text: string | undefined): text is string => text !== undefined && /^[+-]?\d+$/.test(text);
  return isInteger(value) && isInteger(bound) && holds(BigInt(value), BigInt(bound));
}
