import { goQuote } from "@fairlead/api/go-quote";
import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import { clusterRoleKind } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { ClusterRoleBinding } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import type { Role } from "@fairlead/api/rbac/v1/role/role";
import type { RoleBinding } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import type { PolicyRule, RoleRef, Subject } from "@fairlead/api/rbac/v1/rules";
import { groupResourceOf, type KubeObject } from "@fairlead/api/resource-reference";
import type { User } from "../authn/authenticator.ts";
import { aggregatedRules } from "./aggregated-rules.ts";
import type { Attributes } from "./authorizer.ts";
import { type GrantShelf, grantShelf, type ShelfAnswer } from "./grant-shelf.ts";

/** One binding, seen from one of its subjects. */
export interface Grant {
  /** Where it holds: everywhere when it comes from a ClusterRoleBinding. */
  readonly namespace: string | undefined;
  readonly bindingName: string;
  readonly roleRef: RoleRef;
  readonly subject: Subject;
}

/** The rules that a grant stands for, or what is missing. */
export type ResolvedRole = { readonly rules: readonly PolicyRule[] } | { readonly missing: string };

/**
 * RBAC's four kinds, arranged so that a user's grants are found without reading those of other users.
 *
 * Changes arrive one object at a time; a decision costs as many look-ups as the user has groups.
 */
export interface RbacIndex {
  setRole(key: string, role: Role | undefined): void;
  setClusterRole(name: string, role: ClusterRole | undefined): void;
  setRoleBinding(key: string, binding: RoleBinding | undefined): void;
  setClusterRoleBinding(name: string, binding: ClusterRoleBinding | undefined): void;
  /** The user's grants that hold in `namespace`, cluster-wide ones first. Empty `namespace`: only those. */
  grants(user: User, namespace: string): readonly Grant[];
  /** The first of the {@link grants} that allows a request; or the roles among them that do not exist. */
  firstAllowing(attributes: Attributes): ShelfAnswer;
  resolve(grant: Pick<Grant, "namespace" | "roleRef">): ResolvedRole;
}

/** An index without any objects. */
export function createRbacIndex(): RbacIndex {
  const roles = new Map<string, Role>();
  const clusterRoles = new Map<string, ClusterRole>();
  const clusterGrants = createGrantTable(resolve);
  const namespaceGrants = createGrantTable(resolve);
  let aggregated = new Map<string, readonly PolicyRule[]>();
  let rolesVersion = 0;

  function resolve({ namespace, roleRef }: Pick<Grant, "namespace" | "roleRef">): ResolvedRole {
    if (roleRef.kind === "Role") {
      const role = roles.get(`${namespace}/${roleRef.name}`);
      return role === undefined ? missing("role", roleRef.name) : { rules: role.rules ?? [] };
    }
    const role = clusterRoles.get(roleRef.name);
    if (role === undefined) return missing("clusterrole", roleRef.name);
    if (role.aggregationRule === undefined) return { rules: role.rules ?? [] };
    const rules = aggregated.get(roleRef.name) ?? aggregatedRules(role, [...clusterRoles.values()]);
    aggregated.set(roleRef.name, rules);
    return { rules };
  }

  /** The user's shelves that hold in `namespace`, in the order in which they are asked. */
  function shelvesOf(user: User, namespace: string): readonly GrantShelf[] {
    const keys = subjectKeysOf(user);
    const everywhere = keys.flatMap((key) => clusterGrants.find(key) ?? []);
    if (namespace === "") return everywhere;
    return [...everywhere, ...keys.flatMap((key) => namespaceGrants.find(`${namespace}\n${key}`) ?? [])];
  }

  return {
    setRole(key, role) {
      put(roles, key, role);
      rolesVersion += 1;
    },
    setClusterRole(name, role) {
      put(clusterRoles, name, role);
      aggregated = new Map();
      rolesVersion += 1;
    },
    setRoleBinding(key, binding) {
      namespaceGrants.set(key, binding === undefined ? [] : grantsOf(binding, binding.metadata.namespace ?? ""));
    },
    setClusterRoleBinding(name, binding) {
      clusterGrants.set(name, binding === undefined ? [] : grantsOf(binding, undefined));
    },

    grants: (user, namespace) => shelvesOf(user, namespace).flatMap((shelf) => [...shelf.all()]),

    firstAllowing(attributes) {
      const namespace = attributes.type === "resource" ? attributes.namespace : "";
      const notFound = new Set<string>();
      for (const shelf of shelvesOf(attributes.user, namespace)) {
        const { allowedBy, missing: absent } = shelf.ask(attributes, rolesVersion);
        if (allowedBy !== undefined) return { allowedBy, missing: [] };
        for (const text of absent) notFound.add(text);
      }
      return { allowedBy: undefined, missing: [...notFound] };
    },

    resolve,
  };
}

function missing(kind: string, name: string): ResolvedRole {
  const group = groupResourceOf(clusterRoleKind).slice(clusterRoleKind.plural.length);
  return { missing: `${kind}${group} ${goQuote(name)} not found` };
}

function put<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

function grantsOf(
  binding: KubeObject & Pick<RoleBinding, "subjects" | "roleRef">,
  namespace: string | undefined,
): Grant[] {
  return (binding.subjects ?? []).map((subject) => ({
    namespace,
    bindingName: binding.metadata.name,
    roleRef: binding.roleRef,
    subject,
  }));
}

interface GrantTable {
  set(binding: string, grants: readonly Grant[]): void;
  find(key: string): GrantShelf | undefined;
}

/** Grants by subject, and for namespaced ones by namespace and subject. */
function createGrantTable(resolve: (grant: Grant) => ResolvedRole): GrantTable {
  const bySubject = new Map<string, GrantShelf>();
  const keysOfBinding = new Map<string, readonly string[]>();
  return {
    set(binding, grants) {
      for (const key of keysOfBinding.get(binding) ?? []) {
        const shelf = bySubject.get(key);
        shelf?.set(binding, undefined);
        if (shelf?.size === 0) bySubject.delete(key);
      }
      const keys = grants.map(tableKey);
      keysOfBinding.set(binding, keys);
      for (const [i, grant] of grants.entries()) {
        const key = keys[i] ?? "";
        const shelf = bySubject.get(key) ?? grantShelf(resolve);
        bySubject.set(key, shelf);
        shelf.set(binding, grant);
      }
      if (grants.length === 0) keysOfBinding.delete(binding);
    },
    find: (key) => bySubject.get(key),
  };
}

function tableKey(grant: Grant): string {
  const key = subjectKey(grant);
  return grant.namespace === undefined ? key : `${grant.namespace}\n${key}`;
}

function subjectKey({ subject, namespace }: Grant): string {
  if (subject.kind === "Group") return `group\n${subject.name}`;
  if (subject.kind === "User") return `user\n${subject.name}`;
  return `user\nsystem:serviceaccount:${subject.namespace || namespace || ""}:${subject.name}`;
}

function subjectKeysOf(user: User): readonly string[] {
  return [`user\n${user.name}`, ...user.groups.map((group) => `group\n${group}`)];
}
