import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { ClusterRoleBinding } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import type { Subject } from "@fairlead/api/rbac/v1/rules";
import type { Draft } from "@fairlead/api/schema";
import { uncoveredRules } from "../authz/rule-coverage.ts";
import { AUTOUPDATE } from "./default-roles.ts";
import { KEEP, type Repair } from "./repair.ts";

/**
 * Adds the rules, selectors of aggregated roles, labels and annotations that a default ClusterRole lacks. Additions and
 * values by users are kept; a role that ceased to be aggregated loses its selectors. One whose annotation `autoupdate` is
 * `"false"` is left alone.
 *
 * Source: `computeReconciledRole` in upstream's k8s.io/component-helpers/auth/rbac/reconciliation.
 */
export function reconcileClusterRole(found: ClusterRole, wanted: Draft<ClusterRole>): Repair<ClusterRole> {
  if (isProtected(found)) return KEEP;
  const missing = uncoveredRules(found.rules ?? [], (wanted.rules ?? []) as NonNullable<ClusterRole["rules"]>);
  const metadata = withDefaultMetadata(found.metadata, wanted);
  const aggregationRule = withDefaultAggregation(found.aggregationRule, wanted.aggregationRule as AggregationRule);
  const isRight = metadata === found.metadata && aggregationRule === found.aggregationRule;
  if (missing.length === 0 && isRight) return KEEP;
  const rules = missing.length > 0 ? [...(found.rules ?? []), ...missing] : found.rules;
  return { verb: "update", object: { ...found, metadata, rules, aggregationRule } };
}

type AggregationRule = ClusterRole["aggregationRule"];

/** The same object when nothing is missing. */
function withDefaultAggregation(found: AggregationRule, wanted: AggregationRule): AggregationRule {
  if (wanted === undefined) return undefined;
  const present = found?.clusterRoleSelectors ?? [];
  const missing = (wanted.clusterRoleSelectors ?? []).filter(
    (selector) => !present.some((other) => same(other, selector)),
  );
  return missing.length === 0 ? found : { ...found, clusterRoleSelectors: [...present, ...missing] };
}

/** Adds the subjects, labels and annotations that a default binding lacks. Replaces one that refers to another role. */
export function reconcileClusterRoleBinding(
  found: ClusterRoleBinding,
  wanted: Draft<ClusterRoleBinding>,
): Repair<ClusterRoleBinding> {
  if (isProtected(found)) return KEEP;
  if (!same(found.roleRef, wanted.roleRef)) return { verb: "replace" };
  const present = found.subjects ?? [];
  const missing = ((wanted.subjects ?? []) as readonly Subject[]).filter(
    (subject) => !present.some((other) => sameSubject(other, subject)),
  );
  const metadata = withDefaultMetadata(found.metadata, wanted);
  if (missing.length === 0 && metadata === found.metadata) return KEEP;
  return { verb: "update", object: { ...found, metadata, subjects: [...present, ...missing] } };
}

function isProtected({ metadata }: ClusterRole | ClusterRoleBinding): boolean {
  return metadata.annotations?.[AUTOUPDATE] === "false";
}

/** The same object when nothing is missing. Values that are there stay. */
function withDefaultMetadata(
  found: ClusterRole["metadata"],
  { metadata }: Draft<ClusterRole | ClusterRoleBinding>,
): ClusterRole["metadata"] {
  const labels = { ...(metadata?.labels as Record<string, string>), ...found.labels };
  const annotations = { ...(metadata?.annotations as Record<string, string>), ...found.annotations };
  const complete =
    Object.keys(labels).every((key) => found.labels?.[key] !== undefined) &&
    Object.keys(annotations).every((key) => found.annotations?.[key] !== undefined);
  return complete ? found : { ...found, labels, annotations };
}

function sameSubject(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && a.name === b.name && (a.namespace ?? "") === (b.namespace ?? "");
}

function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
