import type { LabelSelector } from "@fairlead/api/meta/v1/label-selector";
import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";

/**
 * The rules of an aggregated ClusterRole: those of every other ClusterRole that one of its selectors chooses, by name,
 * each rule once. What it has as `rules` itself does not count, as upstream's controller overwrites it.
 *
 * An aggregated role may be chosen by another one (`view` by `edit` by `admin`).
 */
export function aggregatedRules(role: ClusterRole, all: readonly ClusterRole[]): readonly PolicyRule[] {
  return distinct(collect(role, all, new Set([role.metadata.name])));
}

function collect(role: ClusterRole, all: readonly ClusterRole[], seen: Set<string>): readonly PolicyRule[] {
  if (role.aggregationRule === undefined) return role.rules ?? [];
  const chosen = (role.aggregationRule.clusterRoleSelectors ?? []).flatMap((selector) => chooseBy(selector, all));
  return chosen.flatMap((other) => {
    if (seen.has(other.metadata.name)) return [];
    seen.add(other.metadata.name);
    return collect(other, all, seen);
  });
}

function chooseBy(selector: LabelSelector, all: readonly ClusterRole[]): readonly ClusterRole[] {
  return all
    .filter((role) => labelSelectorMatches(selector, role.metadata.labels ?? {}))
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function distinct(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
