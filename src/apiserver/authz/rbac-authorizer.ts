import type { KubeObject } from "../../api/kind.ts";
import type { ClusterRole } from "../../api/rbac/v1/clusterrole.ts";
import type { ClusterRoleBinding } from "../../api/rbac/v1/clusterrolebinding.ts";
import type { Role } from "../../api/rbac/v1/role.ts";
import type { RoleBinding } from "../../api/rbac/v1/rolebinding.ts";
import type { Cache } from "../../client/cache.ts";
import type { Attributes, Authorizer, Decision } from "./authorizer.ts";
import { createRbacIndex, type Grant, type RbacIndex } from "./rbac-index.ts";
import { ruleAllows } from "./rule-matches.ts";

export interface RbacCaches {
  readonly roles: Pick<Cache<Role>, "onChange">;
  readonly clusterRoles: Pick<Cache<ClusterRole>, "onChange">;
  readonly roleBindings: Pick<Cache<RoleBinding>, "onChange">;
  readonly clusterRoleBindings: Pick<Cache<ClusterRoleBinding>, "onChange">;
}

/** Allows what a role bound to the user, or to one of the user's groups, allows. Never denies. */
export function rbacAuthorizer(index: RbacIndex): Authorizer {
  return { authorize: (attributes) => decide(index, attributes) };
}

/** Keeps an index in step with the four kinds, from now on. */
export function indexRbac(caches: RbacCaches): RbacIndex {
  const index = createRbacIndex();
  follow(caches.roles, index.setRole);
  follow(caches.clusterRoles, index.setClusterRole);
  follow(caches.roleBindings, index.setRoleBinding);
  follow(caches.clusterRoleBindings, index.setClusterRoleBinding);
  return index;
}

function follow<T extends KubeObject>(
  cache: Pick<Cache<T>, "onChange">,
  set: (key: string, object: T | undefined) => void,
): void {
  cache.onChange(({ key, after }) => set(key, after));
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
  const name = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace ?? ""}` : subject.name;
  return `${binding} of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${name}"`;
}
