import type { LabelSelector } from "../meta/v1/label-selector.ts";
import { ownValue } from "../own-property.ts";
import type { Labels, Requirement } from "./requirement.ts";
import { meetsAll } from "./requirement.ts";

/** The conditions of a `LabelSelector` object. An empty selector has none, and so matches everything. */
export function requirementsOf(selector: LabelSelector): Requirement[] {
  return [
    ...Object.entries(selector.matchLabels ?? {}).map(
      ([key, value]): Requirement => ({ key, operator: "In", values: [value] }),
    ),
    ...(selector.matchExpressions ?? []).map(
      ({ key, operator, values = [] }): Requirement => ({ key, operator, values }),
    ),
  ];
}

/** Whether a `LabelSelector` object selects these labels. An absent selector selects nothing, an empty one everything. */
export function labelSelectorMatches(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  return selector !== undefined && meetsAll(requirementsOf(selector), labels);
}

/** Whether all pairs of a plain map selector, such as a Service's, are among the labels. An empty map selects everything. */
export function labelsInclude(wanted: Labels, labels: Labels | undefined): boolean {
  return Object.entries(wanted).every(([key, value]) => ownValue(labels, key) === value);
}
