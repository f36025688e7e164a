import { forbidden, merge, post } from "./attempts.testing.ts";
import type { Escape } from "./escape.testing.ts";
import { denied } from "./says.testing.ts";

const SHOP = "/api/v1/namespaces/shop";
const RESTRICTION = "Kubernetes: NodeRestriction";
const AUTHORIZER = "Kubernetes: Node authorizer";

const owner = { apiVersion: "v1", kind: "ConfigMap", name: "allowed", uid: "00000000-0000-4000-8000-000000000000" };
const NO_OWNER = /^(?!.*ownerReferences).*"name":"node-1"/s;
const mirror = (spec: object, metadata: object = {}) => ({
  metadata: {
    name: "static-node-1",
    namespace: "shop",
    annotations: { "kubernetes.io/config.mirror": "x" },
    ...metadata,
  },
  spec: { nodeName: "node-1", containers: [{ name: "c", image: "i" }], ...spec },
});
/** As {@link mirror}, with the owner that it must have. */
const owned = (spec: object) =>
  mirror(spec, {
    ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "node-1", uid: "{node-1}", controller: true }],
  });
const token = (spec: object) => post(`${SHOP}/serviceaccounts/till/token`, { spec });

/** A node that was taken over reaches for the rest of the cluster. */
export const nodeEscapes: readonly Escape[] = [
  forbidden(
    "a kubelet gives its Node an owner that is gone",
    "CVE-2025-5187",
    merge("/api/v1/nodes/node-1", { metadata: { ownerReferences: [owner] } }),
    'Forbidden: nodes "node-1" is forbidden: node "node-1" is not allowed to modify ownerReferences',
  ),
  {
    name: "an owner that a kubelet gives its Node through the status is left out",
    rule: "CVE-2025-5187",
    as: "node-1",
    attempt: merge("/api/v1/nodes/node-1/status", { metadata: { ownerReferences: [owner] } }),
    want: { code: 200, says: NO_OWNER },
    after: { path: "/api/v1/nodes/node-1", says: NO_OWNER },
  },
  forbidden(
    "a kubelet takes the taints off its Node",
    RESTRICTION,
    merge("/api/v1/nodes/node-1", { spec: { taints: null } }),
    'Forbidden: nodes "node-1" is forbidden: node "node-1" is not allowed to modify taints',
  ),
  forbidden(
    "a kubelet labels its Node as isolated",
    `${RESTRICTION}: node-restriction.kubernetes.io/`,
    merge("/api/v1/nodes/node-1", { metadata: { labels: { "node-restriction.kubernetes.io/pci": "true" } } }),
    'Forbidden: nodes "node-1" is forbidden: is not allowed to modify labels: node-restriction.kubernetes.io/pci',
  ),
  forbidden(
    "a kubelet labels its Node as control plane",
    RESTRICTION,
    merge("/api/v1/nodes/node-1", { metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } } }),
    'Forbidden: nodes "node-1" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/control-plane',
  ),
  forbidden(
    "a kubelet labels another Node",
    RESTRICTION,
    merge("/api/v1/nodes/node-2", { metadata: { labels: { a: "b" } } }),
    'Forbidden: nodes "node-2" is forbidden: node "node-1" is not allowed to modify node "node-2"',
  ),
  forbidden(
    "a kubelet writes the status of another Node",
    RESTRICTION,
    merge("/api/v1/nodes/node-2/status", { status: { conditions: [] } }),
    'Forbidden: nodes "node-2" is forbidden: node "node-1" is not allowed to modify node "node-2"',
  ),
  forbidden(
    "a kubelet deletes another Node",
    RESTRICTION,
    { method: "DELETE", path: "/api/v1/nodes/node-2" },
    denied("system:node:node-1", "delete", "nodes", { name: "node-2" }),
  ),
  forbidden(
    "a kubelet makes a Node of another name",
    RESTRICTION,
    post("/api/v1/nodes", { metadata: { name: "node-3" } }),
    'Forbidden: nodes "node-3" is forbidden: node "node-1" is not allowed to modify node "node-3"',
  ),
  forbidden(
    "a kubelet reads a Secret of another node's pod",
    AUTHORIZER,
    { path: `${SHOP}/secrets/secret-2` },
    denied("system:node:node-1", "get", "secrets", {
      namespace: "shop",
      name: "secret-2",
      because: "no relationship found between node 'node-1' and this object",
    }),
  ),
  forbidden(
    "a kubelet lists Secrets",
    AUTHORIZER,
    { path: `${SHOP}/secrets` },
    denied("system:node:node-1", "list", "secrets", { namespace: "shop", because: "No Object name found" }),
  ),
  forbidden(
    "a kubelet lists one Secret of another node's pod by name",
    AUTHORIZER,
    { path: `${SHOP}/secrets?fieldSelector=metadata.name%3Dsecret-2` },
    denied("system:node:node-1", "list", "secrets", {
      namespace: "shop",
      name: "secret-2",
      because: "no relationship found between node 'node-1' and this object",
    }),
  ),
  forbidden(
    "a kubelet writes a Secret of its own pod",
    AUTHORIZER,
    merge(`${SHOP}/secrets/secret-1`, { data: { key: "eA==" } }),
    denied("system:node:node-1", "patch", "secrets", {
      namespace: "shop",
      name: "secret-1",
      because: "can only read resources of this type",
    }),
  ),
  forbidden(
    "a kubelet reads a ConfigMap that no pod has",
    AUTHORIZER,
    { path: `${SHOP}/configmaps/other` },
    denied("system:node:node-1", "get", "configmaps", {
      namespace: "shop",
      name: "other",
      because: "no relationship found between node 'node-1' and this object",
    }),
  ),
  forbidden(
    "a kubelet renews the lease of another",
    RESTRICTION,
    merge("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-2", {
      spec: { holderIdentity: "node-1" },
    }),
    denied("system:node:node-1", "patch", "leases", {
      group: "coordination.k8s.io",
      namespace: "kube-node-lease",
      name: "node-2",
      because: "can only access node lease with the same name as the requesting node",
    }),
  ),
  forbidden(
    "a kubelet makes a lease in another namespace",
    RESTRICTION,
    post("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", { metadata: { name: "node-1" } }),
    denied("system:node:node-1", "create", "leases", {
      group: "coordination.k8s.io",
      namespace: "kube-system",
      because: 'can only access leases in the "kube-node-lease" system namespace',
    }),
  ),
  forbidden(
    "a kubelet deletes a pod of another node",
    RESTRICTION,
    { method: "DELETE", path: `${SHOP}/pods/web-2` },
    'Forbidden: pods "web-2" is forbidden: node "node-1" can only delete pods with spec.nodeName set to itself',
  ),
  forbidden(
    "a kubelet writes the status of another node's pod",
    RESTRICTION,
    merge(`${SHOP}/pods/web-2/status`, { status: { phase: "Failed" } }),
    'Forbidden: pods "web-2" is forbidden: node "node-1" can only update pod status for pods with spec.nodeName set to itself',
  ),
  forbidden(
    "a kubelet labels its pod into a Service through the status",
    RESTRICTION,
    merge(`${SHOP}/pods/web-1/status`, { metadata: { labels: { app: "bank" } } }),
    'Forbidden: pods "web-1" is forbidden: node "node-1" cannot update labels through pod status',
  ),
  forbidden(
    "a kubelet evicts a pod of another node",
    RESTRICTION,
    post(`${SHOP}/pods/web-2/eviction`, { metadata: { name: "web-2" } }),
    'Forbidden: pods "web-2" is forbidden: node node-1 can only evict pods with spec.nodeName set to itself',
  ),
  forbidden(
    "a kubelet makes a pod that is no mirror",
    RESTRICTION,
    post(`${SHOP}/pods`, mirror({}, { annotations: {} })),
    'Forbidden: pods "static-node-1" is forbidden: pod does not have "kubernetes.io/config.mirror" annotation, node "node-1" can only create mirror pods',
  ),
  forbidden(
    "a mirror pod on another node",
    RESTRICTION,
    post(`${SHOP}/pods`, mirror({ nodeName: "node-2" })),
    'Forbidden: pods "static-node-1" is forbidden: node "node-1" can only create pods with spec.nodeName set to itself',
  ),
  forbidden(
    "a mirror pod without its Node as owner",
    RESTRICTION,
    post(`${SHOP}/pods`, mirror({})),
    'Forbidden: pods "static-node-1" is forbidden: node "node-1" can only create pods with an owner reference set to itself',
  ),
  forbidden(
    "a mirror pod with an owner of another kind",
    RESTRICTION,
    post(`${SHOP}/pods`, mirror({}, { ownerReferences: [{ ...owner, controller: true }] })),
    'Forbidden: pods "static-node-1" is forbidden: node "node-1" can only create pods with an owner reference set to itself',
  ),
  forbidden(
    "a mirror pod with a Secret",
    RESTRICTION,
    post(`${SHOP}/pods`, owned({ volumes: [{ name: "s", secret: { secretName: "secret-2" } }] })),
    'Forbidden: pods "static-node-1" is forbidden: a mirror pod may not reference secrets',
  ),
  forbidden(
    "a mirror pod with a service account",
    RESTRICTION,
    post(`${SHOP}/pods`, owned({ serviceAccountName: "till" })),
    'Forbidden: pods "static-node-1" is forbidden: a mirror pod may not reference service accounts',
  ),
  forbidden(
    "a mirror pod with ResourceClaims",
    "CVE-2025-4563",
    post(`${SHOP}/pods`, owned({ resourceClaims: [{ name: "c", resourceClaimName: "held" }] })),
    'Forbidden: pods "static-node-1" is forbidden: node "node-1" can not create pods that reference resourceclaims',
  ),
  forbidden(
    "a kubelet gives its pod a ResourceClaim through the status",
    "CVE-2025-4563",
    merge(`${SHOP}/pods/web-1/status`, {
      status: { resourceClaimStatuses: [{ name: "c", resourceClaimName: "held" }] },
    }),
    'Forbidden: pods "web-1" is forbidden: node "node-1" cannot update resource claim statues',
  ),
  forbidden(
    "a kubelet binds a pod to itself",
    AUTHORIZER,
    post(`${SHOP}/pods/web-2/binding`, { metadata: { name: "web-2" }, target: { kind: "Node", name: "node-1" } }),
    denied("system:node:node-1", "create", "pods/binding", { namespace: "shop", name: "web-2" }),
  ),
  forbidden(
    "a kubelet asks for a token that is bound to nothing",
    RESTRICTION,
    token({}),
    'Forbidden: serviceaccounts "till" is forbidden: node requested token not bound to a pod',
  ),
  forbidden(
    "a kubelet asks for a token bound to another node's pod",
    RESTRICTION,
    token({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web-2", uid: "{web-2}" } }),
    'Forbidden: serviceaccounts "till" is forbidden: node requested token bound to a pod scheduled on a different node',
  ),
  forbidden(
    "a kubelet asks for a token of an account without pods on it",
    AUTHORIZER,
    post("/api/v1/namespaces/kube-system/serviceaccounts/default/token", { spec: {} }),
    denied("system:node:node-1", "create", "serviceaccounts/token", {
      namespace: "kube-system",
      name: "default",
      because: "no relationship found between node 'node-1' and this object",
    }),
  ),
  forbidden(
    "a kubelet asks for a token for an audience that no pod names",
    "Kubernetes: ServiceAccountNodeAudienceRestriction",
    token({ audiences: ["vault"], boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web-1", uid: "{web-1}" } }),
    'Forbidden: serviceaccounts "till" is forbidden: audience "vault" not found in pod spec volume, system:node:node-1 is not authorized to request tokens for this audience',
  ),
  forbidden(
    "the name of a kubelet without its group",
    AUTHORIZER,
    { path: "/api/v1/nodes/node-1" },
    denied("system:node:node-1", "get", "nodes", { name: "node-1" }),
    "node-1 by name alone",
  ),
  forbidden(
    "the group of kubelets without a node's name",
    AUTHORIZER,
    { path: `${SHOP}/secrets/secret-1` },
    denied("system:node:", "get", "secrets", {
      namespace: "shop",
      name: "secret-1",
      because: 'unknown node for user "system:node:"',
    }),
    "a node without a name",
  ),
  forbidden(
    "a kubelet runs a command in a pod",
    AUTHORIZER,
    post(`${SHOP}/pods/web-1/exec?command=id`, {}),
    denied("system:node:node-1", "create", "pods/exec", { namespace: "shop", name: "web-1" }),
  ),
  forbidden(
    "a kubelet asks through the proxy of another Node",
    AUTHORIZER,
    { path: "/api/v1/nodes/node-2/proxy/logs/" },
    denied("system:node:node-1", "get", "nodes/proxy", { name: "node-2" }),
  ),
  forbidden(
    "a kubelet grants itself rights",
    AUTHORIZER,
    post("/apis/rbac.authorization.k8s.io/v1/clusterroles", { metadata: { name: "x" }, rules: [] }),
    denied("system:node:node-1", "create", "clusterroles", { group: "rbac.authorization.k8s.io" }),
  ),
];
