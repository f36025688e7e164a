import type { Attributes, Authorizer, Decision } from "./authorizer.ts";
import type { Grant, RbacIndex } from "./rbac-index.ts";

/** Allows what a role bound to the user, or to one of the user's groups, allows. Never denies. */
export function rbacAuthorizer(index: RbacIndex): Authorizer {
  return { authorize: (attributes) => decide(index, attributes) };
}

function decide(index: RbacIndex, attributes: Attributes): Decision {
  const { allowedBy, missing } = index.firstAllowing(attributes);
  if (allowedBy !== undefined) return { verdict: "allow", reason: `RBAC: allowed by ${described(allowedBy)}` };
  return { verdict: "noOpinion", reason: missing.length === 0 ? "" : `RBAC: ${aggregate(missing)}` };
}

/** Several errors as upstream joins them: `[a, b]`. */
function aggregate(problems: readonly string[]): string {
  return problems.length === 1 ? (problems[0] ?? "") : `[${problems.join(", ")}]`;
}

function described({ namespace, bindingName, roleRef, subject }: Grant): string {
  const binding =
    namespace === undefined ? `ClusterRoleBinding "${bindingName}"` : `RoleBinding "${bindingName}/${namespace}"`;
  const name =
    subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace || (namespace ?? "")}` : subject.name;
  return `${binding} of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${name}"`;
}
