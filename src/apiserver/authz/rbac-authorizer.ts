import type { Attributes, Authorizer, Decision } from "./authorizer.ts";
import type { Grant, RbacIndex } from "./rbac-index.ts";
import { ruleAllows } from "./rule-matches.ts";

/** Allows what a role bound to the user, or to one of the user's groups, allows. Never denies. */
export function rbacAuthorizer(index: RbacIndex): Authorizer {
  return { authorize: (attributes) => decide(index, attributes) };
}

function decide(index: RbacIndex, attributes: Attributes): Decision {
  const problems = new Set<string>();
  const namespace = attributes.type === "resource" ? attributes.namespace : "";
  for (const grant of index.grants(attributes.user, namespace)) {
    const role = index.resolve(grant);
    if ("missing" in role) problems.add(role.missing);
    else if (role.rules.some((rule) => ruleAllows(rule, attributes))) {
      return { verdict: "allow", reason: `RBAC: allowed by ${described(grant)}` };
    }
  }
  return { verdict: "noOpinion", reason: problems.size === 0 ? "" : `RBAC: ${aggregate([...problems])}` };
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
