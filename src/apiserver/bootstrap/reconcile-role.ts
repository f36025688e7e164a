import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { ClusterRoleBinding } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import type { Subject } from "@fairlead/api/rbac/v1/rules";
import type { Draft } from "@fairlead/api/schema";
import { uncoveredRules } from "../authz/rule-coverage.ts";
import { AUTOUPDATE } from "./default-roles.ts";

/** What to write so that a default object is what it should be. */
export type Repair<T> =
  | { readonly verb: "keep" }
  | { readonly verb: "update"; readonly object: T }
  /** What a binding refers to cannot be changed. */
  | { readonly verb: "replace" };

/**
 * Adds the rules, labels and annotations that a default ClusterRole lacks. Additions by users are kept, and
 * one whose annotation `autoupdate` is `"false"` is left alone.
 */
export function reconcileClusterRole(found: ClusterRole, wanted: Draft<ClusterRole>): Repair<ClusterRole> {
  if (isProtected(found)) return { verb: "keep" };
  const missing = uncoveredRules(found.rules ?? [], (wanted.rules ?? []) as NonNullable<ClusterRole["rules"]>);
  const metadata = withDefaultMetadata(found.metadata, wanted);
  const aggregation = wanted.aggregationRule as ClusterRole["aggregationRule"];
  const lacksAggregation = aggregation !== undefined && !same(found.aggregationRule, aggregation);
  if (missing.length === 0 && metadata === found.metadata && !lacksAggregation) return { verb: "keep" };
  return {
    verb: "update",
    object: {
      ...found,
      metadata,
      ...(missing.length > 0 && { rules: [...(found.rules ?? []), ...missing] }),
      ...(lacksAggregation && { aggregationRule: aggregation }),
    },
  };
}

/** Adds the subjects, labels and annotations that a default binding lacks. Replaces one that refers to another role. */
export function reconcileClusterRoleBinding(
  found: ClusterRoleBinding,
  wanted: Draft<ClusterRoleBinding>,
): Repair<ClusterRoleBinding> {
  if (isProtected(found)) return { verb: "keep" };
  if (!same(found.roleRef, wanted.roleRef)) return { verb: "replace" };
  const present = found.subjects ?? [];
  const missing = ((wanted.subjects ?? []) as readonly Subject[]).filter(
    (subject) => !present.some((other) => sameSubject(other, subject)),
  );
  const metadata = withDefaultMetadata(found.metadata, wanted);
  if (missing.length === 0 && metadata === found.metadata) return { verb: "keep" };
  return { verb: "update", object: { ...found, metadata, subjects: [...present, ...missing] } };
}

function isProtected({ metadata }: ClusterRole | ClusterRoleBinding): boolean {
  return metadata.annotations?.[AUTOUPDATE] === "false";
}

/** The same object when nothing is missing. */
function withDefaultMetadata(
  found: ClusterRole["metadata"],
  { metadata }: Draft<ClusterRole | ClusterRoleBinding>,
): ClusterRole["metadata"] {
  const labels = { ...found.labels, ...(metadata?.labels as Record<string, string>) };
  const annotations = { ...(metadata?.annotations as Record<string, string>), ...found.annotations };
  const complete =
    Object.keys(labels).every((key) => found.labels?.[key] === labels[key]) &&
    Object.keys(annotations).every((key) => found.annotations?.[key] === annotations[key]);
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
