import type { Escape, RequestAttempt } from "./escape.testing.ts";

const SHOP = "/api/v1/namespaces/shop";
const RESTRICTION = "Kubernetes: NodeRestriction";
const AUTHORIZER = "Kubernetes: Node authorizer";
const merge = (path: string, body: object): RequestAttempt => ({
  method: "PATCH",
  path,
  type: "application/merge-patch+json",
  body,
});
const post = (path: string, body: object): RequestAttempt => ({ method: "POST", path, body });

function refused(
  name: string,
  rule: string,
  attempt: RequestAttempt,
  says: RegExp,
  as: Escape["as"] = "node-1",
): Escape {
  return { name, rule, as, attempt, want: { code: 403, says } };
}

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
const DNS = "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices";
const cannot = /"reason":"Forbidden"/;

/** A node that was taken over reaches for the rest of the cluster. */
export const nodeEscapes: readonly Escape[] = [
  refused(
    "a kubelet gives its Node an owner that is gone",
    "CVE-2025-5187",
    merge("/api/v1/nodes/node-1", { metadata: { ownerReferences: [owner] } }),
    /node \\"node-1\\" is not allowed to modify ownerReferences/,
  ),
  {
    name: "an owner that a kubelet gives its Node through the status is left out",
    rule: "CVE-2025-5187",
    as: "node-1",
    attempt: merge("/api/v1/nodes/node-1/status", { metadata: { ownerReferences: [owner] } }),
    want: { code: 200, says: NO_OWNER },
    after: { path: "/api/v1/nodes/node-1", says: NO_OWNER },
  },
  refused(
    "a kubelet takes the taints off its Node",
    RESTRICTION,
    merge("/api/v1/nodes/node-1", { spec: { taints: null } }),
    /is not allowed to modify taints/,
  ),
  refused(
    "a kubelet labels its Node as isolated",
    `${RESTRICTION}: node-restriction.kubernetes.io/`,
    merge("/api/v1/nodes/node-1", { metadata: { labels: { "node-restriction.kubernetes.io/pci": "true" } } }),
    /is not allowed to modify labels: node-restriction.kubernetes.io\/pci/,
  ),
  refused(
    "a kubelet labels its Node as control plane",
    RESTRICTION,
    merge("/api/v1/nodes/node-1", { metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } } }),
    /is not allowed to modify labels/,
  ),
  refused(
    "a kubelet labels another Node",
    RESTRICTION,
    merge("/api/v1/nodes/node-2", { metadata: { labels: { a: "b" } } }),
    /is not allowed to modify node \\"node-2\\"/,
  ),
  refused(
    "a kubelet writes the status of another Node",
    RESTRICTION,
    merge("/api/v1/nodes/node-2/status", { status: { conditions: [] } }),
    /is not allowed to modify node \\"node-2\\"/,
  ),
  refused("a kubelet deletes another Node", RESTRICTION, { method: "DELETE", path: "/api/v1/nodes/node-2" }, cannot),
  refused(
    "a kubelet makes a Node of another name",
    RESTRICTION,
    post("/api/v1/nodes", { metadata: { name: "node-3" } }),
    /is not allowed to modify node \\"node-3\\"/,
  ),
  refused(
    "a kubelet reads a Secret of another node's pod",
    AUTHORIZER,
    { path: `${SHOP}/secrets/secret-2` },
    /no relationship found between node 'node-1' and this object/,
  ),
  refused("a kubelet lists Secrets", AUTHORIZER, { path: `${SHOP}/secrets` }, cannot),
  refused(
    "a kubelet lists one Secret of another node's pod by name",
    AUTHORIZER,
    { path: `${SHOP}/secrets?fieldSelector=metadata.name%3Dsecret-2` },
    cannot,
  ),
  refused(
    "a kubelet writes a Secret of its own pod",
    AUTHORIZER,
    merge(`${SHOP}/secrets/secret-1`, { data: { key: "eA==" } }),
    cannot,
  ),
  refused(
    "a kubelet reads a ConfigMap that no pod has",
    AUTHORIZER,
    { path: `${SHOP}/configmaps/other` },
    /no relationship found/,
  ),
  refused(
    "a kubelet renews the lease of another",
    RESTRICTION,
    merge("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-2", {
      spec: { holderIdentity: "node-1" },
    }),
    cannot,
  ),
  refused(
    "a kubelet makes a lease in another namespace",
    RESTRICTION,
    post("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", { metadata: { name: "node-1" } }),
    cannot,
  ),
  refused(
    "a kubelet deletes a pod of another node",
    RESTRICTION,
    { method: "DELETE", path: `${SHOP}/pods/web-2` },
    /can only delete pods with spec.nodeName set to itself/,
  ),
  refused(
    "a kubelet writes the status of another node's pod",
    RESTRICTION,
    merge(`${SHOP}/pods/web-2/status`, { status: { phase: "Failed" } }),
    /can only update pod status for pods with spec.nodeName set to itself/,
  ),
  refused(
    "a kubelet labels its pod into a Service through the status",
    RESTRICTION,
    merge(`${SHOP}/pods/web-1/status`, { metadata: { labels: { app: "bank" } } }),
    /cannot update labels through pod status/,
  ),
  refused(
    "a kubelet evicts a pod of another node",
    RESTRICTION,
    post(`${SHOP}/pods/web-2/eviction`, { metadata: { name: "web-2" } }),
    cannot,
  ),
  refused(
    "a kubelet makes a pod that is no mirror",
    RESTRICTION,
    post(`${SHOP}/pods`, mirror({}, { annotations: {} })),
    /can only create mirror pods/,
  ),
  refused(
    "a mirror pod on another node",
    RESTRICTION,
    post(`${SHOP}/pods`, mirror({ nodeName: "node-2" })),
    /can only create pods with spec.nodeName set to itself/,
  ),
  refused(
    "a mirror pod without its Node as owner",
    RESTRICTION,
    post(`${SHOP}/pods`, mirror({})),
    /can only create pods with an owner reference set to itself/,
  ),
  refused(
    "a mirror pod with an owner of another kind",
    RESTRICTION,
    post(`${SHOP}/pods`, mirror({}, { ownerReferences: [{ ...owner, controller: true }] })),
    /can only create pods with an owner reference set to itself/,
  ),
  refused(
    "a mirror pod with a Secret",
    RESTRICTION,
    post(`${SHOP}/pods`, owned({ volumes: [{ name: "s", secret: { secretName: "secret-2" } }] })),
    /a mirror pod may not reference secrets/,
  ),
  refused(
    "a mirror pod with a service account",
    RESTRICTION,
    post(`${SHOP}/pods`, owned({ serviceAccountName: "till" })),
    /a mirror pod may not reference service accounts/,
  ),
  refused(
    "a mirror pod with ResourceClaims",
    "CVE-2025-4563",
    post(`${SHOP}/pods`, owned({ resourceClaims: [{ name: "c", resourceClaimName: "held" }] })),
    /can not create pods that reference resourceclaims/,
  ),
  refused(
    "a kubelet binds a pod to itself",
    AUTHORIZER,
    post(`${SHOP}/pods/web-2/binding`, { metadata: { name: "web-2" }, target: { kind: "Node", name: "node-1" } }),
    cannot,
  ),
  refused(
    "a kubelet asks for a token that is bound to nothing",
    RESTRICTION,
    token({}),
    /node requested token not bound to a pod/,
  ),
  refused(
    "a kubelet asks for a token bound to another node's pod",
    RESTRICTION,
    token({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web-2", uid: "{web-2}" } }),
    cannot,
  ),
  refused(
    "a kubelet asks for a token of an account without pods on it",
    AUTHORIZER,
    post("/api/v1/namespaces/kube-system/serviceaccounts/default/token", { spec: {} }),
    /no relationship found/,
  ),
  refused(
    "a kubelet asks for a token for an audience that no pod names",
    "Kubernetes: ServiceAccountNodeAudienceRestriction",
    token({ audiences: ["vault"], boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "web-1", uid: "{web-1}" } }),
    /audience/,
  ),
  refused(
    "the name of a kubelet without its group",
    AUTHORIZER,
    { path: "/api/v1/nodes/node-1" },
    cannot,
    "node-1 by name alone",
  ),
  refused(
    "the group of kubelets without a node's name",
    AUTHORIZER,
    { path: `${SHOP}/secrets/secret-1` },
    cannot,
    "a node without a name",
  ),
  refused("a kubelet runs a command in a pod", AUTHORIZER, post(`${SHOP}/pods/web-1/exec?command=id`, {}), cannot),
  refused(
    "a kubelet asks through the proxy of another Node",
    AUTHORIZER,
    { path: "/api/v1/nodes/node-2/proxy/logs/" },
    cannot,
  ),
  refused(
    "a kubelet grants itself rights",
    AUTHORIZER,
    post("/apis/rbac.authorization.k8s.io/v1/clusterroles", { metadata: { name: "x" }, rules: [] }),
    cannot,
  ),
  refused(
    "a DNS server writes another node's EndpointSlice",
    "DNSRestriction",
    merge(`${DNS}/kube-dns-node-2`, { endpoints: [] }),
    cannot,
    "dns of node-1",
  ),
  refused(
    "a DNS server makes a slice of another name",
    "DNSRestriction",
    post(DNS, {
      metadata: { name: "kube-dns-x", labels: { "kubernetes.io/service-name": "kube-dns" } },
      addressType: "IPv4",
      endpoints: [],
      ports: [],
    }),
    cannot,
    "dns of node-1",
  ),
  refused(
    "a DNS server makes its slice another Service's",
    "DNSRestriction",
    merge(`${DNS}/kube-dns-node-1`, { metadata: { labels: { "kubernetes.io/service-name": "other" } } }),
    cannot,
    "dns of node-1",
  ),
  refused(
    "a DNS server names another node in its slice",
    "DNSRestriction",
    merge(`${DNS}/kube-dns-node-1`, { endpoints: [{ addresses: ["192.0.2.2"], nodeName: "node-2" }] }),
    cannot,
    "dns of node-1",
  ),
  refused(
    "a DNS server deletes all slices",
    "DNSRestriction",
    { method: "DELETE", path: DNS },
    cannot,
    "dns of node-1",
  ),
  refused(
    "a DNS server reads another Node",
    "DNSRestriction",
    { path: "/api/v1/nodes/node-2" },
    cannot,
    "dns of node-1",
  ),
  refused("a DNS server reads Secrets", "DNSRestriction", { path: `${SHOP}/secrets` }, cannot, "dns of node-1"),
  refused(
    "the name of a DNS server without its group",
    "DNSRestriction",
    merge(`${DNS}/kube-dns-node-1`, { endpoints: [] }),
    cannot,
    "dns of node-1 by name alone",
  ),
  refused(
    "a pod network writes the status of a Node",
    "Fairlead: rights of the pod network",
    merge("/api/v1/nodes/node-2/status", { status: { conditions: [] } }),
    cannot,
    "pod network",
  ),
  refused(
    "a pod network writes its own Node",
    "Fairlead: rights of the pod network",
    merge("/api/v1/nodes/node-1", { metadata: { labels: { a: "b" } } }),
    cannot,
    "pod network",
  ),
  refused(
    "a pod network reads pods",
    "Fairlead: rights of the pod network",
    { path: `${SHOP}/pods` },
    cannot,
    "pod network",
  ),
  refused("a proxy reads Secrets", "Kubernetes: system:node-proxier", { path: `${SHOP}/secrets` }, cannot, "proxy"),
  refused(
    "a proxy writes Services",
    "Kubernetes: system:node-proxier",
    merge(`${SHOP}/services/web`, { spec: { externalIPs: ["192.0.2.9"] } }),
    cannot,
    "proxy",
  ),
  refused(
    "a proxy writes EndpointSlices",
    "Kubernetes: system:node-proxier",
    merge(`${DNS}/kube-dns-node-1`, { endpoints: [] }),
    cannot,
    "proxy",
  ),
];
