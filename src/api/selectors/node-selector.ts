import type { Node } from "../core/v1/node/node-schema.ts";
import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from "../core/v1/pod/affinity.ts";
import { type Labels, meetsRequirement } from "./requirement.ts";

/** Whether one of the selector's terms holds of the node. */
export function nodeSelectorMatches({ nodeSelectorTerms }: NodeSelector, node: Node): boolean {
  return nodeSelectorTerms.some((term) => matchesTerm(node, term));
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
