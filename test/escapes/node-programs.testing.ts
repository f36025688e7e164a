import { forbidden, merge, post } from "./attempts.testing.ts";
import type { Escape } from "./escape.testing.ts";
import { denied } from "./says.testing.ts";

const SHOP = "/api/v1/namespaces/shop";
const DNS = "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices";

/** The programs of a node beside its kubelet: DNS server, pod network and proxy. Each has rights of its own. */
export const nodeProgramEscapes: readonly Escape[] = [
  forbidden(
    "a DNS server writes another node's EndpointSlice",
    "DNSRestriction",
    merge(`${DNS}/kube-dns-node-2`, { endpoints: [] }),
    denied("system:fairlead:dns:node-1", "patch", "endpointslices", {
      group: "discovery.k8s.io",
      namespace: "kube-system",
      name: "kube-dns-node-2",
      because: 'can only write EndpointSlice "kube-system/kube-dns-node-1"',
    }),
    "dns of node-1",
  ),
  forbidden(
    "a DNS server makes a slice of another name",
    "DNSRestriction",
    post(DNS, {
      metadata: { name: "kube-dns-x", labels: { "kubernetes.io/service-name": "kube-dns" } },
      addressType: "IPv4",
      endpoints: [],
      ports: [],
    }),
    'Forbidden: endpointslices.discovery.k8s.io "kube-dns-x" is forbidden: DNS server of node "node-1" can only write EndpointSlice "kube-system/kube-dns-node-1"',
    "dns of node-1",
  ),
  forbidden(
    "a DNS server makes its slice another Service's",
    "DNSRestriction",
    merge(`${DNS}/kube-dns-node-1`, { metadata: { labels: { "kubernetes.io/service-name": "other" } } }),
    'Forbidden: endpointslices.discovery.k8s.io "kube-dns-node-1" is forbidden: DNS server of node "node-1" can only list itself in Service "kube-system/kube-dns"',
    "dns of node-1",
  ),
  forbidden(
    "a DNS server names another node in its slice",
    "DNSRestriction",
    merge(`${DNS}/kube-dns-node-1`, { endpoints: [{ addresses: ["192.0.2.2"], nodeName: "node-2" }] }),
    'Forbidden: endpointslices.discovery.k8s.io "kube-dns-node-1" is forbidden: DNS server of node "node-1" can only set endpoints of its own node with a hint for that node',
    "dns of node-1",
  ),
  forbidden(
    "a DNS server deletes all slices",
    "DNSRestriction",
    { method: "DELETE", path: DNS },
    denied("system:fairlead:dns:node-1", "deletecollection", "endpointslices", {
      group: "discovery.k8s.io",
      namespace: "kube-system",
      because: 'can only write EndpointSlice "kube-system/kube-dns-node-1"',
    }),
    "dns of node-1",
  ),
  forbidden(
    "a DNS server reads another Node",
    "DNSRestriction",
    { path: "/api/v1/nodes/node-2" },
    denied("system:fairlead:dns:node-1", "get", "nodes", {
      name: "node-2",
      because: "can only get the Node that the DNS server runs on",
    }),
    "dns of node-1",
  ),
  forbidden(
    "a DNS server reads Secrets",
    "DNSRestriction",
    { path: `${SHOP}/secrets` },
    denied("system:fairlead:dns:node-1", "list", "secrets", { namespace: "shop" }),
    "dns of node-1",
  ),
  forbidden(
    "the name of a DNS server without its group",
    "DNSRestriction",
    merge(`${DNS}/kube-dns-node-1`, { endpoints: [] }),
    denied("system:fairlead:dns:node-1", "patch", "endpointslices", {
      group: "discovery.k8s.io",
      namespace: "kube-system",
      name: "kube-dns-node-1",
    }),
    "dns of node-1 by name alone",
  ),
  forbidden(
    "a pod network writes the status of a Node",
    "Fairlead: rights of the pod network",
    merge("/api/v1/nodes/node-2/status", { status: { conditions: [] } }),
    denied("system:fairlead:podnetwork", "patch", "nodes/status", { name: "node-2" }),
    "pod network",
  ),
  forbidden(
    "a pod network writes its own Node",
    "Fairlead: rights of the pod network",
    merge("/api/v1/nodes/node-1", { metadata: { labels: { a: "b" } } }),
    denied("system:fairlead:podnetwork", "patch", "nodes", { name: "node-1" }),
    "pod network",
  ),
  forbidden(
    "a pod network reads pods",
    "Fairlead: rights of the pod network",
    { path: `${SHOP}/pods` },
    denied("system:fairlead:podnetwork", "list", "pods", { namespace: "shop" }),
    "pod network",
  ),
  forbidden(
    "a proxy reads Secrets",
    "Kubernetes: system:node-proxier",
    { path: `${SHOP}/secrets` },
    denied("system:kube-proxy", "list", "secrets", { namespace: "shop" }),
    "proxy",
  ),
  forbidden(
    "a proxy writes Services",
    "Kubernetes: system:node-proxier",
    merge(`${SHOP}/services/web`, { spec: { externalIPs: ["192.0.2.9"] } }),
    denied("system:kube-proxy", "patch", "services", { namespace: "shop", name: "web" }),
    "proxy",
  ),
  forbidden(
    "a proxy writes EndpointSlices",
    "Kubernetes: system:node-proxier",
    merge(`${DNS}/kube-dns-node-1`, { endpoints: [] }),
    denied("system:kube-proxy", "patch", "endpointslices", {
      group: "discovery.k8s.io",
      namespace: "kube-system",
      name: "kube-dns-node-1",
    }),
    "proxy",
  ),
];
