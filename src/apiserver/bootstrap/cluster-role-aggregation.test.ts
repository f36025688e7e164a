import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import { outdated } from "./cluster-role-aggregation.ts";
import { defaultClusterRoles } from "./default-roles.ts";

test("outdated: the default aggregated roles get the rules of the roles they select and keep them", () => {
  const all = defaultClusterRoles() as readonly ClusterRole[];
  const written = outdated(all);
  assert.deepEqual(
    written.map((role) => role.metadata.name),
    ["admin", "edit", "view"],
  );
  const rulesOf = (name: string) => written.find((role) => role.metadata.name === name)?.rules?.length ?? 0;
  assert.ok(rulesOf("view") < rulesOf("edit") && rulesOf("edit") < rulesOf("admin"));
  const after = all.map((role) => written.find((one) => one.metadata.name === role.metadata.name) ?? role);
  assert.deepEqual(outdated(after), [], "once written, there is nothing left to do");
});

test("outdated: a role that selects itself, or one that selects it, has an end", () => {
  const role = (name: string): ClusterRole => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name, uid: "", resourceVersion: "", creationTimestamp: "", labels: { all: "yes" } },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { all: "yes" } }] },
  });
  assert.deepEqual(outdated([role("a"), role("b")]), []);
});
