import type { PodAffinityTerm } from "@fairlead/api/core/v1/pod/affinity";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { ownValue } from "@fairlead/api/own-property";
import { requirementsOf } from "@fairlead/api/selectors/label-selector";
import type { Labels, Requirement } from "@fairlead/api/selectors/requirement";
import { meetsAll } from "@fairlead/api/selectors/requirement";

/** A term of pod affinity or anti-affinity, ready to be asked. */
export interface AffinityTerm {
  readonly topologyKey: string;
  /** The same for terms that are about the same pods in the same domains; absent when labels of namespaces decide, too. */
  readonly key: string | undefined;
  /** 1 for required terms, 1 to 100 for preferred ones, negative for preferred anti-affinity. */
  readonly weight: number;
  /** Whether the term is about this pod. `namespaceLabels` are those of the pod's namespace. */
  matches(pod: Pod, namespaceLabels: Labels): boolean;
}

/** The terms of `pod`, which is whose namespace they mean when they name none. */
export function parseTerms(
  pod: Pod,
  terms: readonly PodAffinityTerm[] | undefined,
  weight: number,
): readonly AffinityTerm[] {
  return (terms ?? []).map((term) => parseTerm(pod, term, weight));
}

function parseTerm(owner: Pod, term: PodAffinityTerm, weight: number): AffinityTerm {
  const { labelSelector, namespaceSelector, namespaces = [] } = term;
  // An absent selector selects no pods, an empty one all of them.
  const labels = labelSelector && [
    ...requirementsOf(labelSelector),
    ...ownLabels(owner, term.matchLabelKeys, "In"),
    ...ownLabels(owner, term.mismatchLabelKeys, "NotIn"),
  ];
  const byLabels = namespaceSelector && requirementsOf(namespaceSelector);
  const isOwn = namespaces.length === 0 && byLabels === undefined;
  const names = new Set(isOwn ? [owner.metadata.namespace ?? ""] : namespaces);
  return {
    topologyKey: term.topologyKey,
    key: byLabels === undefined ? JSON.stringify([term.topologyKey, labels, [...names]]) : undefined,
    weight,
    matches: (pod, namespaceLabels) =>
      labels !== undefined &&
      meetsAll(labels, pod.metadata.labels) &&
      (names.has(pod.metadata.namespace ?? "") || (byLabels !== undefined && meetsAll(byLabels, namespaceLabels))),
  };
}

/** The pod's own values of the labels named by `keys`, as conditions on other pods. */
export function ownLabels(
  pod: Pod,
  keys: readonly string[] | undefined,
  operator: "In" | "NotIn",
): readonly Requirement[] {
  return (keys ?? []).flatMap((key) => {
    const value = ownValue(pod.metadata.labels, key);
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
}
