import assert from "node:assert/strict";
import { test } from "node:test";
import { type Role, roleKind } from "@fairlead/api/rbac/v1/role/role";
import { type RoleBinding, roleBindingKind } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";
import { StatusError } from "@fairlead/api/status-error";
import type { User } from "../authn/authenticator.ts";
import { userNamed } from "../authz/attributes.testing.ts";
import { rbacAuthorizer } from "../authz/rbac-authorizer.ts";
import { createRbacIndex } from "../authz/rbac-index.ts";
import { admissionRequest } from "./admission-request.testing.ts";
import { rbacEscalation } from "./rbac-escalation.ts";

const getPods: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["pods"] };
const getSecrets: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["secrets"] };
const notHeld =
  'user "alice" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}';

const cases: { name: string; user?: User; object: Role | RoleBinding; previous?: Role; want: string }[] = [
  { name: "a role of what one has", object: role([getPods]), want: "passes" },
  {
    name: "a role of more",
    object: role([getPods, getSecrets]),
    want: `roles.rbac.authorization.k8s.io "r" is forbidden: ${notHeld}`,
  },
  {
    name: "a role of more that only gets a label",
    object: role([getSecrets], { labels: { a: "b" } }),
    previous: role([getSecrets]),
    want: `roles.rbac.authorization.k8s.io "r" is forbidden: ${notHeld}`,
  },
  {
    name: "a role of more that only loses a finalizer",
    object: role([getSecrets]),
    previous: role([getSecrets], { finalizers: ["x"] }),
    want: "passes",
  },
  {
    name: "a role of more by a user who may escalate",
    user: userNamed("escalator"),
    object: role([getSecrets]),
    want: "passes",
  },
  {
    name: "a role of more by a master",
    user: userNamed("root", "system:masters"),
    object: role([getSecrets]),
    want: "passes",
  },
  { name: "a binding to what one has", object: binding("pods"), want: "passes" },
  {
    name: "a binding to more",
    object: binding("secrets"),
    want: `rolebindings.rbac.authorization.k8s.io "b" is forbidden: ${notHeld}`,
  },
  {
    name: "a binding to more by a user who may bind",
    user: userNamed("binder"),
    object: binding("secrets"),
    want: "passes",
  },
  {
    name: "a binding to nothing",
    object: binding("ghost"),
    want: 'clusterrole.rbac.authorization.k8s.io "ghost" not found',
  },
];

for (const { name, user = userNamed("alice"), object, previous, want } of cases) {
  test(`rbacEscalation: ${name}`, async () => {
    const rbac = example();
    const plugin = rbacEscalation({ rbac, authorizer: rbacAuthorizer(rbac) });
    const request =
      "roleRef" in object
        ? admissionRequest({ kind: roleBindingKind, object, user })
        : admissionRequest({ kind: roleKind, object, user, ...(previous !== undefined && { previous }) });
    try {
      await plugin.validate?.(request);
      assert.equal("passes", want);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      assert.equal(error.message, want);
    }
  });
}

function example() {
  const index = createRbacIndex();
  const grant = (roleName: string, rules: PolicyRule[], userName: string) => {
    index.setClusterRole(roleName, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: meta(roleName),
      rules,
    });
    index.setClusterRoleBinding(`${roleName}-${userName}`, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: meta(roleName),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: roleName },
      subjects: [{ kind: "User", name: userName }],
    });
  };
  const rbacGroup = { apiGroups: ["rbac.authorization.k8s.io"] };
  grant("pods", [getPods], "alice");
  grant("secrets", [getSecrets], "nobody");
  grant("escalate", [{ verbs: ["escalate"], resources: ["roles"], ...rbacGroup }], "escalator");
  grant("bind", [{ verbs: ["bind"], resources: ["clusterroles"], resourceNames: ["secrets"], ...rbacGroup }], "binder");
  return index;
}

function role(rules: PolicyRule[], metadata: object = {}): Role {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { ...meta("r", "shop"), ...metadata },
    rules,
  };
}

function binding(roleName: string): RoleBinding {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: meta("b", "shop"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: roleName },
  };
}

function meta(name: string, namespace?: string) {
  return { name, namespace, uid: "", resourceVersion: "", creationTimestamp: "" };
}
