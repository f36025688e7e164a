import assert from "node:assert/strict";
import { test } from "node:test";
import { customResourceDefinitionKind } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { roleKind } from "@fairlead/api/rbac/v1/role/role";
import { roleBindingKind } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { userNamed } from "../authz/attributes.testing.ts";
import { eventually } from "../testing/eventually.testing.ts";
import { startPolicyServer } from "../testing/start-policy-server.testing.ts";
import { versionOf, widgets } from "./custom-resources.testing.ts";

const widgetResource: ResourceReference<KubeObject> = {
  group: "example.com",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
};

test("RBAC decides about custom resources and their subresources", async (t) => {
  const api = await startPolicyServer();
  t.after(() => api.stop());
  const admin = api.client();
  const alice = api.client(userNamed("alice"));
  const schema = { type: "object", properties: { size: { type: "integer" } } };
  const definition = widgets(schema, { versions: [versionOf("v1", schema, { subresources: { status: {} } })] });
  await admin.create(namespaceKind, { metadata: { name: "team" } });
  await admin.create(customResourceDefinitionKind, definition);
  const key = { namespace: "team", name: "one" };
  await eventually(() => admin.create<KubeObject>(widgetResource, { metadata: key }));
  await assert.rejects(alice.get(widgetResource, key), {
    reason: "Forbidden",
    message:
      'widgets.example.com "one" is forbidden: User "alice" cannot get resource "widgets" in API group "example.com" in the namespace "team"',
  });
  await admin.create(roleKind, {
    metadata: { name: "widgets", namespace: "team" },
    rules: [{ apiGroups: ["example.com"], resources: ["widgets"], verbs: ["get", "patch"] }],
  });
  await admin.create(roleBindingKind, {
    metadata: { name: "alice", namespace: "team" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "widgets" },
    subjects: [{ kind: "User", name: "alice" }],
  });
  await eventually(() => alice.get(widgetResource, key));
  await alice.patch(widgetResource, key, "merge", { spec: { size: 1 } });
  await assert.rejects(alice.list(widgetResource, { namespace: "team" }), { reason: "Forbidden" });
  await assert.rejects(alice.patch(widgetResource, key, "merge", { status: {} }, { subresource: "status" }), {
    reason: "Forbidden",
    message:
      'widgets.example.com "one" is forbidden: User "alice" cannot patch resource "widgets/status" in API group "example.com" in the namespace "team"',
  });
});
