import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { ClusterRoleBinding } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import type { User } from "../authn/authenticator.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { privilegedGroupAuthorizer } from "../authz/privileged-group-authorizer.ts";
import { rbacAuthorizer } from "../authz/rbac-authorizer.ts";
import { createRbacIndex } from "../authz/rbac-index.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "../bootstrap/default-roles.ts";

/** Authorizers that know the roles a cluster starts with, so that tests see what a component may not do. */
export function defaultAuthorizers(): readonly Authorizer[] {
  const index = createRbacIndex();
  // What a cluster starts with is complete, but for what the API server adds to metadata.
  for (const role of defaultClusterRoles()) index.setClusterRole(role.metadata?.name ?? "", role as ClusterRole);
  for (const binding of defaultClusterRoleBindings()) {
    index.setClusterRoleBinding(binding.metadata?.name ?? "", binding as ClusterRoleBinding);
  }
  return [privilegedGroupAuthorizer, rbacAuthorizer(index)];
}

/** The user of that name, with the groups that authentication gives it. */
export function userNamed(name: string): User {
  const [, namespace] = /^system:serviceaccount:([^:]+):/.exec(name) ?? [];
  const groups = namespace === undefined ? [] : ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  return { name, uid: "", groups: [...groups, "system:authenticated"], extra: {} };
}
