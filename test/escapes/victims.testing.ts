import { leaseKind } from "../../src/api/coordination/v1/lease/lease.ts";
import { configMapKind } from "../../src/api/core/v1/configmap/configmap.ts";
import { endpointsKind } from "../../src/api/core/v1/endpoints/endpoints.ts";
import { namespaceKind } from "../../src/api/core/v1/namespace/namespace.ts";
import { nodeKind } from "../../src/api/core/v1/node/node.ts";
import { podKind } from "../../src/api/core/v1/pod/pod.ts";
import { secretKind } from "../../src/api/core/v1/secret/secret.ts";
import { serviceKind } from "../../src/api/core/v1/service/service.ts";
import { serviceAccountKind } from "../../src/api/core/v1/serviceaccount/serviceaccount.ts";
import { endpointSliceKind } from "../../src/api/discovery/v1/endpointslice/endpointslice.ts";
import { clusterRoleKind } from "../../src/api/rbac/v1/clusterrole/clusterrole.ts";
import { clusterRoleBindingKind } from "../../src/api/rbac/v1/clusterrolebinding/clusterrolebinding.ts";
import { roleKind } from "../../src/api/rbac/v1/role/role.ts";
import { roleBindingKind } from "../../src/api/rbac/v1/rolebinding/rolebinding.ts";
import type { Client } from "../../src/client/client.ts";
import type { Placeholder } from "./escape.testing.ts";
import type { TokenParts } from "./identities.testing.ts";

const namespace = "shop";
const RBAC = "rbac.authorization.k8s.io";

/** Makes what the attempts are after: two nodes with pods, Secrets and leases, and people with narrow rights. */
export async function makeVictims(
  admin: Client,
  kubeletPort: number,
): Promise<
  Pick<TokenParts, "account" | "gone" | "remade" | "kept"> & { readonly uids: ReadonlyMap<Placeholder, string> }
> {
  for (const name of [namespace, "bank"]) await admin.create(namespaceKind, { metadata: { name } });
  for (const owner of [namespace, "bank"]) {
    await admin.create(serviceAccountKind, { metadata: { namespace: owner, name: "default" } });
  }
  const account = await admin.create(serviceAccountKind, { metadata: { namespace, name: "till" } });
  const annotations = { "kubernetes.io/enforce-mountable-secrets": "true" };
  await admin.create(serviceAccountKind, { metadata: { namespace, name: "guarded", annotations } });
  for (const name of ["secret-1", "secret-2"]) {
    await admin.create(secretKind, { metadata: { namespace, name }, data: { key: "dmFsdWU=" } });
  }
  for (const name of ["allowed", "other"]) {
    await admin.create(configMapKind, { metadata: { namespace, name, labels: { a: "b" } }, data: { key: "kept" } });
  }
  await admin.create(serviceKind, { metadata: { namespace, name: "web" }, spec: { ports: [{ port: 80 }] } });
  for (const number of [1, 2]) await makeNode(admin, number, kubeletPort);
  await makePodAt(admin, "at-loopback", "127.0.0.1");
  await makePodAt(admin, "at-metadata", "169.254.169.254");
  await makePodAt(admin, "at-mapped-loopback", "::ffff:127.0.0.1");
  await makePodAt(admin, "at-nowhere", "192.0.2.8");
  await admin.create(endpointsKind, {
    metadata: { namespace, name: "web" },
    subsets: [{ addresses: [{ ip: "192.0.2.9" }], ports: [{ port: 80 }] }],
  });
  const remade = await admin.create(podKind, podOf("remade", "node-1", "secret-1"));
  await makeRights(admin);
  const kept = await admin.get(secretKind, { namespace, name: "secret-1" });
  const uids = new Map<Placeholder, string>([
    ["{node-1}", (await admin.get(nodeKind, { name: "node-1" })).metadata.uid ?? ""],
    ["{web-1}", (await admin.get(podKind, { namespace, name: "web-1" })).metadata.uid ?? ""],
    ["{web-2}", (await admin.get(podKind, { namespace, name: "web-2" })).metadata.uid ?? ""],
  ]);
  return {
    uids,
    account: { name: "till", uid: account.metadata.uid ?? "" },
    gone: { name: "gone", uid: "00000000-0000-4000-8000-000000000000" },
    kept: { name: "secret-1", uid: kept.metadata.uid ?? "" },
    remade: { name: "remade", uid: remade.metadata.uid ?? "" },
  };
}

function podOf(name: string, nodeName: string, secretName: string) {
  return {
    metadata: { namespace, name },
    spec: {
      nodeName,
      serviceAccountName: "till",
      containers: [{ name: "main", image: "none" }],
      volumes: [{ name: "s", secret: { secretName } }],
    },
  };
}

async function makeNode(admin: Client, number: number, kubeletPort: number): Promise<void> {
  const name = `node-${number}`;
  const node = await admin.create(nodeKind, {
    metadata: { name },
    spec: { taints: [{ key: "kept", effect: "NoSchedule" }] },
  });
  const addresses = [{ type: "InternalIP", address: "127.0.0.1" }] as const;
  const status = { ...node.status, addresses, daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } } };
  await admin.update(nodeKind, { ...node, status }, { subresource: "status" });
  await admin.create(leaseKind, { metadata: { namespace: "kube-node-lease", name }, spec: { holderIdentity: name } });
  await admin.create(podKind, podOf(`web-${number}`, name, `secret-${number}`));
  await admin.create(endpointSliceKind, {
    metadata: {
      namespace: "kube-system",
      name: `kube-dns-${name}`,
      labels: { "kubernetes.io/service-name": "kube-dns" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [`192.0.2.${number}`], nodeName: name }],
    ports: [],
  });
}

async function makePodAt(admin: Client, name: string, podIP: string): Promise<void> {
  const pod = await admin.create(podKind, podOf(name, "node-1", "secret-1"));
  await admin.update(
    podKind,
    { ...pod, status: { ...pod.status, podIP, podIPs: [{ ip: podIP }] } },
    { subresource: "status" },
  );
}

async function makeRights(admin: Client): Promise<void> {
  const user = (name: string) => ({ kind: "User", name, apiGroup: RBAC });
  const roleRef = (kind: "Role" | "ClusterRole", name: string) => ({ apiGroup: RBAC, kind, name });
  const names = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
  await admin.create(roleKind, {
    metadata: { namespace, name: "clerk" },
    rules: [{ apiGroups: [""], resources: ["configmaps"], resourceNames: ["allowed"], verbs: names }],
  });
  await admin.create(roleKind, {
    metadata: { namespace, name: "mender" },
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["get", "update", "patch"] }],
  });
  for (const [name, kind, role] of [
    ["clerk", "Role", "clerk"],
    ["mender", "Role", "mender"],
    ["owner", "ClusterRole", "admin"],
  ] as const) {
    await admin.create(roleBindingKind, {
      metadata: { namespace, name },
      roleRef: roleRef(kind, role),
      subjects: [user(name)],
    });
  }
  const kinds = ["roles", "clusterroles", "rolebindings", "clusterrolebindings"];
  const clusterRights = [
    ["rbac-writer", { apiGroups: [RBAC], resources: kinds, verbs: names }],
    [
      "impersonator",
      { apiGroups: [""], resources: ["users", "groups"], resourceNames: ["bob", "staff"], verbs: ["impersonate"] },
    ],
    ["mender", { apiGroups: [RBAC], resources: kinds, verbs: ["get", "update", "patch"] }],
    ["path-reader", { nonResourceURLs: ["/metrics"], verbs: ["get"] }],
  ] as const;
  for (const [name, rule] of clusterRights) {
    await admin.create(clusterRoleKind, { metadata: { name }, rules: [rule] });
    await admin.create(clusterRoleBindingKind, {
      metadata: { name },
      roleRef: roleRef("ClusterRole", name),
      subjects: [user(name)],
    });
  }
}
