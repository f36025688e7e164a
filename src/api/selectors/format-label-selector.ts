import type { LabelSelector, LabelSelectorRequirement } from "../meta/v1/label-selector.ts";

/**
 * A `LabelSelector` as text, as queries of the API have it: `app=web,!old,tier in (a,b)`, sorted by key.
 *
 * Empty for a selector that selects everything, and for an absent one.
 */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...matchExpressions.map((requirement) => ({ key: requirement.key, text: formatRequirement(requirement) })),
  ]
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ text }) => text)
    .join(",");
}

function formatRequirement({ key, operator, values = [] }: LabelSelectorRequirement): string {
  const list = `(${values.toSorted().join(",")})`;
  switch (operator) {
    case "In":
      return `${key} in ${list}`;
    case "NotIn":
      return `${key} notin ${list}`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}
