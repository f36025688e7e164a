import type { LabelSelector, LabelSelectorRequirement } from "../../api/meta/v1/label-selector.ts";

type Labels = Readonly<Record<string, string>>;

/** Whether the labels satisfy every part of the selector. An empty selector is satisfied by everything. */
export function labelSelectorMatches(selector: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((requirement) => satisfies(requirement, labels))
  );
}

function satisfies({ key, operator, values = [] }: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
