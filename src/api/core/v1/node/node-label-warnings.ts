import { labelValueProblems } from "../../../names.ts";
import { BETA_LABEL } from "../../../well-known.ts";
import type { NodeSelectorTerm } from "../pod/affinity.ts";

/** Labels of nodes that upstream has deprecated, and why. */
const DEPRECATED_LABELS: ReadonlyMap<string, string> = new Map([
  [BETA_LABEL.arch, 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  [BETA_LABEL.os, 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  [BETA_LABEL.region, 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  [BETA_LABEL.zone, 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  [BETA_LABEL.instanceType, 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ["app.kubernetes.io/created-by", "deprecated since v1.9"],
  ["scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead"],
  ["node-role.kubernetes.io/master", 'use "node-role.kubernetes.io/control-plane" instead'],
]);

/** Returns why a label of nodes is deprecated, or `undefined`. */
export function deprecatedNodeLabel(key: string): string | undefined {
  return DEPRECATED_LABELS.get(key);
}

/**
 * Returns the warnings of one term that selects nodes.
 *
 * @param checksValues - Whether values that no label can have are named too: those of preferences are not validated.
 */
export function nodeSelectorTermWarnings(
  term: NodeSelectorTerm,
  path: string,
  checksValues: boolean,
): readonly string[] {
  const expressions = (term.matchExpressions ?? []).flatMap(({ key, values = [] }, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const message = deprecatedNodeLabel(key);
    const invalid = values.flatMap((value, i) =>
      labelValueProblems(value).map((problem) => `${at}.values[${i}]: ${value} is invalid, ${problem}`),
    );
    return [...(message === undefined ? [] : [`${at}.key: ${key} is ${message}`]), ...(checksValues ? invalid : [])];
  });
  return expressions;
}
