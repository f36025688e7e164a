import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { ClusterRoleBinding } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import { defaultClusterRoleBindings, defaultClusterRoles } from "./default-roles.ts";
import { rule } from "./policy-rule.ts";
import { reconcileClusterRole, reconcileClusterRoleBinding } from "./reconcile-role.ts";

const roles: { name: string; change: (role: ClusterRole) => ClusterRole; want: string }[] = [
  { name: "as shipped", change: (role) => role, want: "keep" },
  {
    name: "with a rule more",
    change: (role) => ({ ...role, rules: [...(role.rules ?? []), rule("get", "core", "secrets")] }),
    want: "keep",
  },
  { name: "with rules that say more", change: (role) => ({ ...role, rules: [rule("*", "*", "*")] }), want: "keep" },
  { name: "without its rules", change: (role) => ({ ...role, rules: [] }), want: "update 3 rules" },
  {
    name: "without one of its rules",
    change: (role) => ({ ...role, rules: role.rules?.slice(1) }),
    want: "update 3 rules",
  },
  { name: "without its labels", change: (role) => withMetadata(role, { labels: {} }), want: "update 3 rules" },
  {
    name: "with another value of its label",
    change: (role) => withMetadata(role, { labels: { "kubernetes.io/bootstrapping": "mine" } }),
    want: "keep",
  },
  {
    name: "that was aggregated in an earlier version",
    change: (role) => ({ ...role, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] } }),
    want: "update 3 rules",
  },
  {
    name: "with automatic updates turned off",
    change: (role) => ({
      ...withMetadata(role, { annotations: { "rbac.authorization.kubernetes.io/autoupdate": "false" } }),
      rules: [],
    }),
    want: "keep",
  },
];

for (const { name, change, want } of roles) {
  test(`reconcileClusterRole: a role ${name}`, () => {
    const wanted = shippedRole("system:controller:pod-garbage-collector");
    const repair = reconcileClusterRole(change(wanted), wanted);
    assert.equal(repair.verb === "update" ? `update ${repair.object.rules?.length} rules` : repair.verb, want);
    if (repair.verb === "update") assert.equal(reconcileClusterRole(repair.object, wanted).verb, "keep");
  });
}

test("reconcileClusterRole: an aggregated role gets its selectors back", () => {
  const wanted = shippedRole("edit");
  const repair = reconcileClusterRole({ ...wanted, aggregationRule: undefined }, wanted);
  assert.equal(repair.verb, "update");
  if (repair.verb === "update") assert.deepEqual(repair.object.aggregationRule, wanted.aggregationRule);
});

test("reconcileClusterRole: an aggregated role keeps the selectors that users have added", () => {
  const wanted = shippedRole("edit");
  const added = { matchLabels: { team: "a" } };
  const own = wanted.aggregationRule?.clusterRoleSelectors ?? [];
  const found = (...clusterRoleSelectors: (typeof added)[]) => ({
    ...wanted,
    aggregationRule: { clusterRoleSelectors },
  });
  const repair = reconcileClusterRole(found(added), wanted);
  assert.deepEqual(repair.verb === "update" && repair.object.aggregationRule?.clusterRoleSelectors, [added, ...own]);
  const both = { ...wanted, aggregationRule: { clusterRoleSelectors: [...own, added] } };
  assert.equal(reconcileClusterRole(both, wanted).verb, "keep");
});

const bindings: { name: string; change: (binding: ClusterRoleBinding) => ClusterRoleBinding; want: string }[] = [
  { name: "as shipped", change: (binding) => binding, want: "keep" },
  {
    name: "with a subject more",
    change: (b) => ({ ...b, subjects: [...(b.subjects ?? []), { kind: "User", name: "x" }] }),
    want: "keep",
  },
  { name: "without its subjects", change: (binding) => ({ ...binding, subjects: [] }), want: "update" },
  { name: "to another role", change: (b) => ({ ...b, roleRef: { ...b.roleRef, name: "view" } }), want: "replace" },
];

for (const { name, change, want } of bindings) {
  test(`reconcileClusterRoleBinding: a binding ${name}`, () => {
    const shipped = defaultClusterRoleBindings().find((binding) => binding.metadata?.name === "system:discovery");
    const wanted = shipped as ClusterRoleBinding;
    assert.equal(reconcileClusterRoleBinding(change(wanted), wanted).verb, want);
  });
}

function shippedRole(name: string): ClusterRole {
  return defaultClusterRoles().find((role) => role.metadata?.name === name) as ClusterRole;
}

function withMetadata(role: ClusterRole, metadata: Partial<ClusterRole["metadata"]>): ClusterRole {
  return { ...role, metadata: { ...role.metadata, ...metadata } };
}
