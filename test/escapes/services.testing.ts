import type { Escape } from "./escape.testing.ts";

const SERVICES = "/api/v1/namespaces/shop/services";
const service = (spec: object, metadata: object = {}) => ({
  metadata: { name: "escape", ...metadata },
  spec: { ports: [{ port: 80 }], ...spec },
});

function refused(name: string, rule: string, body: object, says: RegExp): Escape {
  return { name, rule, as: "owner", attempt: { method: "POST", path: SERVICES, body }, want: { code: 422, says } };
}

const EXTERNAL = "CVE-2020-8554: externalIPs";
const SHELL = "CWE-77: names that reach nft";

/** Services that reach for addresses and words that are not theirs. Which of them a node's proxy leaves alone is tested with the proxy. */
export const serviceEscapes: readonly Escape[] = [
  refused(
    "an external address of loopback",
    EXTERNAL,
    service({ externalIPs: ["127.0.0.1"] }),
    /may not be in the loopback range/,
  ),
  refused(
    "an external address of link-local",
    EXTERNAL,
    service({ externalIPs: ["169.254.169.254"] }),
    /may not be in the link-local range/,
  ),
  refused(
    "an external address that is no address",
    EXTERNAL,
    service({ externalIPs: ["{ 0.0.0.0/0 }"] }),
    /externalIPs\[0\]/,
  ),
  refused(
    "an external address of everything",
    EXTERNAL,
    service({ externalIPs: ["0.0.0.0"] }),
    /may not be unspecified/,
  ),
  refused("an external range", EXTERNAL, service({ externalIPs: ["192.0.2.0/24"] }), /externalIPs\[0\]/),
  refused(
    "a cluster address outside the range",
    "Kubernetes: ClusterIP allocation",
    service({ clusterIP: "192.0.2.1" }),
    /failed to allocate IP 192.0.2.1/,
  ),
  refused(
    "the cluster address of DNS",
    "Kubernetes: ClusterIP allocation",
    service({ clusterIP: "10.96.0.10" }),
    /provided IP is already allocated/,
  ),
  refused(
    "a node port outside the range",
    "Kubernetes: node port allocation",
    service({ type: "NodePort", ports: [{ port: 80, nodePort: 22 }] }),
    /not in the valid range/,
  ),
  refused(
    "a load balancer's range that is a word",
    SHELL,
    service({ type: "LoadBalancer", loadBalancerSourceRanges: ["0.0.0.0/0; flush ruleset"] }),
    /loadBalancerSourceRanges/i,
  ),
  refused("a Service's name with a semicolon", SHELL, service({}, { name: "a;flush" }), /metadata.name/),
  refused("a Service's name with a line break", SHELL, service({}, { name: "a\nflush" }), /metadata.name/),
  refused(
    "a Service port's name with quotes",
    SHELL,
    service({ ports: [{ name: '"; flush ruleset', port: 80 }] }),
    /ports\[0\].name/,
  ),
  refused(
    "a protocol that is a word of nft",
    SHELL,
    service({ ports: [{ port: 80, protocol: "tcp dport 22 accept" }] }),
    /Unsupported value/,
  ),
  refused("a session affinity of another name", SHELL, service({ sessionAffinity: "$(id)" }), /Unsupported value/),
  refused(
    "an affinity beyond a day",
    "Kubernetes: sessionAffinityConfig",
    service({ sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 99_999_999 } } }),
    /must be greater than 0 and less than/,
  ),
  refused(
    "an external name with a space",
    "Kubernetes: ExternalName",
    service({ type: "ExternalName", externalName: "a b" }),
    /externalName/,
  ),
  refused(
    "a port beyond 65535",
    "Kubernetes: service ports",
    service({ ports: [{ port: 65_536 }] }),
    /must be between 1 and 65535/,
  ),
  {
    name: "the owner of a namespace gives a Service the address of a load balancer",
    rule: "CVE-2020-8554: status.loadBalancer",
    as: "owner",
    attempt: {
      method: "PATCH",
      path: `${SERVICES}/web/status`,
      type: "application/merge-patch+json",
      body: { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } },
    },
    want: { code: 403, says: /services\/status/ },
  },
  {
    name: "a status in the Service itself is left out",
    rule: "CVE-2020-8554: status.loadBalancer",
    as: "owner",
    attempt: {
      method: "PATCH",
      path: `${SERVICES}/web`,
      type: "application/merge-patch+json",
      body: { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } },
    },
    want: { code: 200, says: /"loadBalancer":\{\}/ },
    after: { path: `${SERVICES}/web`, says: /"loadBalancer":\{\}/ },
  },
  {
    name: "a namespace whose name leads upwards",
    rule: "RFC 1123 2.1: names",
    as: "admin",
    attempt: { method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: "../kube-system" } } },
    want: { code: 422, says: /metadata.name/ },
  },
  {
    name: "a namespace whose name is shell",
    rule: "RFC 1123 2.1: names",
    as: "admin",
    attempt: { method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: "$(reboot)" } } },
    want: { code: 422, says: /metadata.name/ },
  },
  {
    name: "the namespace of the system is deleted by its administrator",
    rule: "Kubernetes: NamespaceLifecycle",
    as: "admin",
    attempt: { method: "DELETE", path: "/api/v1/namespaces/kube-system" },
    want: { code: 403, says: /this namespace may not be deleted/ },
  },
  {
    name: "an object in a namespace that is not there",
    rule: "Kubernetes: NamespaceLifecycle",
    as: "admin",
    attempt: { method: "POST", path: "/api/v1/namespaces/nope/configmaps", body: { metadata: { name: "x" } } },
    want: { code: 404, says: /namespaces \\"nope\\" not found/ },
  },
];
