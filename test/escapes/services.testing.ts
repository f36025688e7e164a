import { merge, post } from "./attempts.testing.ts";
import type { Escape } from "./escape.testing.ts";
import { DNS_1035, denied, IP, invalid, LABEL, LABEL_VALUE, SUBDOMAIN } from "./says.testing.ts";

const SERVICES = "/api/v1/namespaces/shop/services";
const service = (spec: object, metadata: object = {}) => ({
  metadata: { name: "escape", ...metadata },
  spec: { ports: [{ port: 80 }], ...spec },
});

function refused(name: string, rule: string, body: object, says: string): Escape {
  return { name, rule, as: "owner", attempt: post(SERVICES, body), want: { code: 422, says } };
}

const EXTERNAL = "CVE-2020-8554: externalIPs";
const SHELL = "CWE-77: names that reach nft";

/** Services that reach for addresses and words that are not theirs. Which of them a node's proxy leaves alone is tested with the proxy. */
export const serviceEscapes: readonly Escape[] = [
  refused(
    "an external address of loopback",
    EXTERNAL,
    service({ externalIPs: ["127.0.0.1"] }),
    invalid(
      "Service",
      "escape",
      'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ),
  ),
  refused(
    "an external address of link-local",
    EXTERNAL,
    service({ externalIPs: ["169.254.169.254"] }),
    invalid(
      "Service",
      "escape",
      'spec.externalIPs[0]: Invalid value: "169.254.169.254": may not be in the link-local range (169.254.0.0/16, fe80::/10)',
    ),
  ),
  refused(
    "an external address that is no address",
    EXTERNAL,
    service({ externalIPs: ["{ 0.0.0.0/0 }"] }),
    invalid("Service", "escape", `spec.externalIPs[0]: Invalid value: "{ 0.0.0.0/0 }": ${IP}`),
  ),
  refused(
    "an external address of everything",
    EXTERNAL,
    service({ externalIPs: ["0.0.0.0"] }),
    invalid("Service", "escape", 'spec.externalIPs[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)'),
  ),
  refused(
    "an external range",
    EXTERNAL,
    service({ externalIPs: ["192.0.2.0/24"] }),
    invalid("Service", "escape", `spec.externalIPs[0]: Invalid value: "192.0.2.0/24": ${IP}`),
  ),
  refused(
    "a cluster address outside the range",
    "Kubernetes: ClusterIP allocation",
    service({ clusterIP: "192.0.2.1" }),
    invalid(
      "Service",
      "escape",
      'spec.clusterIPs: Invalid value: ["192.0.2.1"]: failed to allocate IP 192.0.2.1: the provided network does not match the current range',
    ),
  ),
  refused(
    "the cluster address of DNS",
    "Kubernetes: ClusterIP allocation",
    service({ clusterIP: "10.96.0.10" }),
    invalid(
      "Service",
      "escape",
      'spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
    ),
  ),
  refused(
    "a node port outside the range",
    "Kubernetes: node port allocation",
    service({ type: "NodePort", ports: [{ port: 80, nodePort: 22 }] }),
    invalid(
      "Service",
      "escape",
      "spec.ports[0].nodePort: Invalid value: 22: provided port is not in the valid range. The range of valid ports is 30000-32767",
    ),
  ),
  refused(
    "a load balancer's range that is a word",
    SHELL,
    service({ type: "LoadBalancer", loadBalancerSourceRanges: ["0.0.0.0/0; flush ruleset"] }),
    invalid(
      "Service",
      "escape",
      'spec.LoadBalancerSourceRanges[0]: Invalid value: "0.0.0.0/0; flush ruleset": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ),
  ),
  refused(
    "a Service's name with a semicolon",
    SHELL,
    service({}, { name: "a;flush" }),
    invalid("Service", "a;flush", `metadata.name: Invalid value: "a;flush": ${DNS_1035}`),
  ),
  refused(
    "a Service's name with a line break",
    SHELL,
    service({}, { name: "a\nflush" }),
    invalid("Service", "a\\nflush", `metadata.name: Invalid value: "a\\nflush": ${DNS_1035}`),
  ),
  refused(
    "a Service port's name with quotes",
    SHELL,
    service({ ports: [{ name: '"; flush ruleset', port: 80 }] }),
    invalid("Service", "escape", `spec.ports[0].name: Invalid value: "\\"; flush ruleset": ${LABEL}`),
  ),
  refused(
    "a protocol that is a word of nft",
    SHELL,
    service({ ports: [{ port: 80, protocol: "tcp dport 22 accept" }] }),
    invalid(
      "Service",
      "escape",
      'spec.ports[0].protocol: Unsupported value: "tcp dport 22 accept": supported values: "SCTP", "TCP", "UDP"',
    ),
  ),
  refused(
    "a session affinity of another name",
    SHELL,
    service({ sessionAffinity: "$(id)" }),
    invalid(
      "Service",
      "escape",
      'spec.sessionAffinity: Unsupported value: "$(id)": supported values: "ClientIP", "None"',
    ),
  ),
  refused(
    "an affinity beyond a day",
    "Kubernetes: sessionAffinityConfig",
    service({ sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 99_999_999 } } }),
    invalid(
      "Service",
      "escape",
      "spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 99999999: must be greater than 0 and less than 86400",
    ),
  ),
  refused(
    "an external name with a space",
    "Kubernetes: ExternalName",
    service({ type: "ExternalName", externalName: "a b" }),
    invalid("Service", "escape", `spec.externalName: Invalid value: "a b": ${SUBDOMAIN}`),
  ),
  refused(
    "a port beyond 65535",
    "Kubernetes: service ports",
    service({ ports: [{ port: 65_536 }] }),
    invalid(
      "Service",
      "escape",
      "[spec.ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 65536: must be between 1 and 65535, inclusive]",
    ),
  ),
  {
    name: "the owner of a namespace gives a Service the address of a load balancer",
    rule: "CVE-2020-8554: status.loadBalancer",
    as: "owner",
    attempt: merge(`${SERVICES}/web/status`, { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } }),
    want: { code: 403, says: denied("owner", "patch", "services/status", { namespace: "shop", name: "web" }) },
  },
  {
    name: "a status in the Service itself is left out",
    rule: "CVE-2020-8554: status.loadBalancer",
    as: "owner",
    attempt: merge(`${SERVICES}/web`, { status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } }),
    want: { code: 200, says: /"loadBalancer":\{\}/ },
    after: { path: `${SERVICES}/web`, says: /"loadBalancer":\{\}/ },
  },
  {
    name: "a namespace whose name leads upwards",
    rule: "RFC 1123 2.1: names",
    as: "admin",
    attempt: post("/api/v1/namespaces", { metadata: { name: "../kube-system" } }),
    want: {
      code: 422,
      says: invalid(
        "Namespace",
        "../kube-system",
        `[metadata.name: Invalid value: "../kube-system": ${LABEL}, metadata.labels: Invalid value: "../kube-system": ${LABEL_VALUE}]`,
      ),
    },
  },
  {
    name: "a namespace whose name is shell",
    rule: "RFC 1123 2.1: names",
    as: "admin",
    attempt: post("/api/v1/namespaces", { metadata: { name: "$(reboot)" } }),
    want: {
      code: 422,
      says: invalid(
        "Namespace",
        "$(reboot)",
        `[metadata.name: Invalid value: "$(reboot)": ${LABEL}, metadata.labels: Invalid value: "$(reboot)": ${LABEL_VALUE}]`,
      ),
    },
  },
  {
    name: "the namespace of the system is deleted by its administrator",
    rule: "Kubernetes: NamespaceLifecycle",
    as: "admin",
    attempt: { method: "DELETE", path: "/api/v1/namespaces/kube-system" },
    want: { code: 403, says: 'Forbidden: namespaces "kube-system" is forbidden: this namespace may not be deleted' },
  },
  {
    name: "an object in a namespace that is not there",
    rule: "Kubernetes: NamespaceLifecycle",
    as: "admin",
    attempt: post("/api/v1/namespaces/nope/configmaps", { metadata: { name: "x" } }),
    want: { code: 404, says: 'NotFound: namespaces "nope" not found' },
  },
];
