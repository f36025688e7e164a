import type { FieldError } from "../../field-error.ts";
import { invalid, required } from "../../field-error.ts";
import type { PolicyRule } from "./rules.ts";

/** What is wrong with the rules of a Role or, not namespaced, of a ClusterRole. */
export function validateRules(rules: readonly PolicyRule[] | undefined, namespaced: boolean): FieldError[] {
  return (rules ?? []).flatMap((rule, index) => validateRule(rule, namespaced, `rules[${index}]`));
}

function validateRule(rule: PolicyRule, namespaced: boolean, path: string): FieldError[] {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const verbErrors = verbs.length === 0 ? [required(`${path}.verbs`, "verbs must contain at least one value")] : [];
  if (nonResourceURLs.length > 0) {
    const names = [...apiGroups, ...resources, ...resourceNames];
    const urlsPath = `${path}.nonResourceURLs`;
    return [
      ...verbErrors,
      ...(namespaced ? [invalid(urlsPath, nonResourceURLs, "namespaced rules cannot apply to non-resource URLs")] : []),
      ...(names.length > 0
        ? [invalid(urlsPath, nonResourceURLs, "rules cannot apply to both regular resources and non-resource URLs")]
        : []),
    ];
  }
  return [
    ...verbErrors,
    ...(apiGroups.length === 0
      ? [required(`${path}.apiGroups`, "resource rules must supply at least one api group")]
      : []),
    ...(resources.length === 0
      ? [required(`${path}.resources`, "resource rules must supply at least one resource")]
      : []),
  ];
}
