import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterRole } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import type { ClusterRoleBinding } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import { attributesOf, userNamed } from "../authz/attributes.testing.ts";
import { rbacAuthorizer } from "../authz/rbac-authorizer.ts";
import { createRbacIndex } from "../authz/rbac-index.ts";
import { defaultClusterRoleBindings, defaultClusterRoles } from "./default-roles.ts";

const controller = (name: string) => `system:serviceaccount:kube-system:${name}`;

const cases: { user: string; groups?: string[]; may?: string[]; mayNot?: string[] }[] = [
  {
    user: "kubernetes-admin",
    groups: ["system:masters"],
    may: ["delete nodes /n1", "get /metrics", "escalate clusterroles.rbac.authorization.k8s.io /x"],
  },
  {
    user: "somebody",
    may: ["get /api/v1", "get /openapi/v3", "create selfsubjectaccessreviews.authorization.k8s.io /"],
    mayNot: ["get pods default/a", "get /metrics", "list namespaces /"],
  },
  { user: "prober", groups: ["system:monitoring"], may: ["get /metrics", "get /livez/etcd"] },
  {
    user: "viewer",
    may: ["list pods shop/", "get pods/log shop/a", "watch endpointslices.discovery.k8s.io shop/"],
    mayNot: ["get secrets shop/a", "create pods shop/", "get roles.rbac.authorization.k8s.io shop/a", "list nodes /"],
  },
  {
    user: "editor",
    may: [
      "list pods shop/",
      "create pods/exec shop/a",
      "get secrets shop/a",
      "update leases.coordination.k8s.io shop/a",
      "delete services shop/a",
    ],
    mayNot: ["create roles.rbac.authorization.k8s.io shop/", "update endpoints shop/a"],
  },
  {
    user: "namespace-admin",
    may: ["list pods shop/", "create roles.rbac.authorization.k8s.io shop/", "delete services shop/a"],
    mayNot: ["create clusterroles.rbac.authorization.k8s.io /", "update namespaces shop/shop"],
  },
  {
    user: "system:kube-scheduler",
    may: [
      "create pods/binding shop/a",
      "list nodes /",
      "patch pods/status shop/a",
      "create events.events.k8s.io shop/",
    ],
    mayNot: ["get secrets shop/a", "update pods shop/a"],
  },
  {
    user: "system:kube-proxy",
    may: ["watch services /", "watch endpointslices.discovery.k8s.io /", "get nodes /n1"],
    mayNot: ["update services shop/a", "list pods /", "get secrets shop/a"],
  },
  {
    user: "system:kube-controller-manager",
    may: ["watch pods /", "list anything.at.all /"],
    mayNot: ["delete pods shop/a"],
  },
  {
    user: "system:fairlead:dns:n1",
    groups: ["system:fairlead:dns"],
    may: ["watch services /", "watch namespaces /", "list endpointslices.discovery.k8s.io /"],
    mayNot: [
      "list pods /",
      "list nodes /",
      "get secrets shop/a",
      "create events shop/",
      "update services kube-system/kube-dns",
      "create endpointslices.discovery.k8s.io kube-system/",
      "update endpointslices.discovery.k8s.io kube-system/kube-dns-n2",
    ],
  },
  {
    user: "system:fairlead:podnetwork",
    may: [
      "list nodes /",
      "watch nodes /",
      "create events shop/",
      "patch servicel2statuses.metallb.io/status metallb-system/a",
    ],
    mayNot: [
      "patch nodes/status /n1",
      "update nodes /n1",
      "list pods /",
      "get secrets shop/a",
      "patch services/status shop/a",
    ],
  },
  {
    user: "system:fairlead:loadbalancer",
    may: ["patch services/status shop/a", "watch ipaddresspools.metallb.io /", "create events shop/"],
    mayNot: [
      "update services shop/a",
      "get secrets shop/a",
      "create servicel2statuses.metallb.io metallb-system/",
      "list pods /",
    ],
  },
  {
    user: "kube-apiserver-kubelet-client",
    may: ["create nodes/proxy /n1", "get nodes/log /n1"],
    mayNot: ["list pods /", "get secrets shop/a", "update nodes /n1"],
  },
  {
    user: controller("persistent-volume-binder"),
    may: ["update persistentvolumes /a", "list nodes /"],
    mayNot: ["get secrets shop/a", "create endpoints shop/", "delete services shop/a"],
  },
  {
    user: controller("endpointslice-controller"),
    may: ["create endpointslices.discovery.k8s.io shop/"],
    mayNot: ["update endpoints shop/a"],
  },
  {
    user: controller("endpoint-controller"),
    may: ["update endpoints shop/a"],
    mayNot: ["create endpointslices.discovery.k8s.io shop/"],
  },
  {
    user: controller("node-controller"),
    may: ["patch nodes /n1", "delete pods shop/a"],
    mayNot: ["create pods shop/"],
  },
  {
    user: controller("service-account-controller"),
    may: ["create serviceaccounts shop/"],
    mayNot: ["get secrets shop/a"],
  },
  { user: controller("root-ca-cert-publisher"), may: ["create configmaps shop/"] },
  {
    user: controller("namespace-controller"),
    may: ["update namespaces/finalize /shop", "deletecollection pods shop/"],
    mayNot: ["create pods shop/"],
  },
  {
    user: controller("generic-garbage-collector"),
    may: ["delete pods shop/a", "patch pods shop/a"],
    mayNot: ["create pods shop/"],
  },
  { user: "system:node:n1", groups: ["system:nodes"], mayNot: ["get secrets shop/a", "update nodes /n1"] },
];

for (const { user, groups = [], may = [], mayNot = [] } of cases) {
  test(`defaultClusterRoles: ${user} may do its work and no more`, () => {
    const authorizer = rbacAuthorizer(cluster());
    const refused = (line: string) =>
      authorizer.authorize(attributesOf(line, userNamed(user, ...groups))).verdict !== "allow";
    assert.deepEqual(may.filter(refused), [], "may");
    assert.deepEqual(
      mayNot.filter((line) => !refused(line)),
      [],
      "may not",
    );
  });
}

test("defaultClusterRoles: every binding is to a role that is there, and names are unique", () => {
  const names = defaultClusterRoles().map((role) => role.metadata?.name);
  assert.equal(new Set(names).size, names.length);
  const unknown = defaultClusterRoleBindings().filter((binding) => !names.includes(binding.roleRef?.name));
  assert.deepEqual(unknown, []);
});

/** The defaults, and a viewer, an editor and an admin of the namespace `shop`. */
function cluster() {
  const index = createRbacIndex();
  for (const role of defaultClusterRoles()) index.setClusterRole(role.metadata?.name ?? "", role as ClusterRole);
  for (const binding of defaultClusterRoleBindings()) {
    index.setClusterRoleBinding(binding.metadata?.name ?? "", binding as ClusterRoleBinding);
  }
  for (const [role, user] of [
    ["view", "viewer"],
    ["edit", "editor"],
    ["admin", "namespace-admin"],
  ] as const) {
    index.setRoleBinding(`shop/${role}`, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: role, namespace: "shop", uid: "", resourceVersion: "", creationTimestamp: "" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "User", name: user }],
    });
  }
  return index;
}
