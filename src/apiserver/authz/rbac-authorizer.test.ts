import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { PolicyRule, Subject } from "@fairlead/api/rbac/v1/rules";
import { attributesOf, userNamed } from "./attributes.testing.ts";
import { rbacAuthorizer } from "./rbac-authorizer.ts";
import { createRbacIndex } from "./rbac-index.ts";
import { rulesFor } from "./rules-for.ts";

const readPods: PolicyRule = { verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] };
const readNodes: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["nodes"] };
const alice: Subject = { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "alice" };
const robot: Subject = { kind: "ServiceAccount", namespace: "shop", name: "robot" };

const cases: { name: string; user: string; groups?: string[]; asked: string; want: string }[] = [
  {
    name: "a ClusterRoleBinding holds in every namespace",
    user: "alice",
    asked: "get pods anywhere/a",
    want: 'allow RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "pod-reader" to User "alice"',
  },
  { name: "and for the whole cluster", user: "alice", asked: "list pods /", want: "allow" },
  { name: "other verbs are not granted", user: "alice", asked: "delete pods anywhere/a", want: "noOpinion" },
  {
    name: "a RoleBinding holds in its namespace",
    user: "system:serviceaccount:shop:robot",
    asked: "get pods shop/a",
    want: 'allow RBAC: allowed by RoleBinding "robots/shop" of ClusterRole "pod-reader" to ServiceAccount "robot/shop"',
  },
  {
    name: "a ServiceAccount without a namespace is of its RoleBinding's namespace",
    user: "system:serviceaccount:shop:helper",
    asked: "get pods shop/a",
    want: 'allow RBAC: allowed by RoleBinding "helpers/shop" of ClusterRole "pod-reader" to ServiceAccount "helper/shop"',
  },
  { name: "and in no other", user: "system:serviceaccount:shop:robot", asked: "get pods other/a", want: "noOpinion" },
  {
    name: "not for the whole cluster",
    user: "system:serviceaccount:shop:robot",
    asked: "list pods /",
    want: "noOpinion",
  },
  { name: "a group's members", user: "bob", groups: ["ops"], asked: "get nodes /n1", want: "allow" },
  { name: "a user outside the group", user: "bob", asked: "get nodes /n1", want: "noOpinion" },
  {
    name: "a binding to a role that is not there is named",
    user: "carol",
    asked: "get pods shop/a",
    want: 'noOpinion RBAC: role.rbac.authorization.k8s.io "gone" not found',
  },
  {
    name: "an aggregated role has the rules of the roles it selects",
    user: "dave",
    asked: "get nodes /n1",
    want: "allow",
  },
  { name: "its own stored rules do not count", user: "dave", asked: "get secrets shop/a", want: "noOpinion" },
];

for (const { name, user, groups = [], asked, want } of cases) {
  test(`rbacAuthorizer: ${name}`, () => {
    const { verdict, reason } = rbacAuthorizer(example()).authorize(attributesOf(asked, userNamed(user, ...groups)));
    assert.equal(want.includes(" ") ? `${verdict} ${reason}` : verdict, want);
  });
}

test("rbacAuthorizer: a binding that is taken away, changed or put back counts at once", () => {
  const index = example();
  const allowed = () => rbacAuthorizer(index).authorize(attributesOf("get pods a/b", userNamed("alice"))).verdict;
  index.setClusterRoleBinding("readers", undefined);
  assert.equal(allowed(), "noOpinion");
  index.setClusterRoleBinding("readers", binding("readers", "ClusterRole", "pod-reader", alice));
  assert.equal(allowed(), "allow");
  index.setClusterRole("pod-reader", clusterRole("pod-reader", [readNodes]));
  assert.equal(allowed(), "noOpinion");
});

test("rulesFor: the rules of every grant that holds in the namespace, and the roles that are missing", () => {
  const index = example();
  assert.deepEqual(rulesFor(index, userNamed("alice"), "shop"), { rules: [readPods], problems: [] });
  assert.deepEqual(rulesFor(index, userNamed("carol"), "shop"), {
    rules: [],
    problems: ['role.rbac.authorization.k8s.io "gone" not found'],
  });
  assert.deepEqual(rulesFor(index, userNamed("carol"), "other"), { rules: [], problems: [] });
});

function example() {
  const index = createRbacIndex();
  index.setClusterRole("pod-reader", clusterRole("pod-reader", [readPods]));
  index.setClusterRole("node-reader", clusterRole("node-reader", [readNodes], { aggregate: "yes" }));
  index.setClusterRole("all", {
    ...clusterRole("all", [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"] }]),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { aggregate: "yes" } }] },
  });
  index.setClusterRoleBinding("readers", binding("readers", "ClusterRole", "pod-reader", alice));
  index.setClusterRoleBinding("ops", binding("ops", "ClusterRole", "node-reader", { kind: "Group", name: "ops" }));
  index.setClusterRoleBinding("daves", binding("daves", "ClusterRole", "all", { kind: "User", name: "dave" }));
  index.setRoleBinding("shop/robots", binding("robots", "ClusterRole", "pod-reader", robot, "shop"));
  const helper: Subject = { kind: "ServiceAccount", name: "helper" };
  index.setRoleBinding("shop/helpers", binding("helpers", "ClusterRole", "pod-reader", helper, "shop"));
  index.setRoleBinding("shop/carols", binding("carols", "Role", "gone", { kind: "User", name: "carol" }, "shop"));
  return index;
}

function clusterRole(name: string, rules: PolicyRule[], labels: Record<string, string> = {}): ClusterRole {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name, uid: "", resourceVersion: "", creationTimestamp: "", labels },
    rules,
  };
}

function binding(name: string, kind: string, role: string, subject: Subject, namespace?: string) {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name, uid: "", resourceVersion: "", creationTimestamp: "", namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
    subjects: [subject],
  };
}
