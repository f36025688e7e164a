import { merge, post } from "./attempts.testing.ts";
import type { Escape } from "./escape.testing.ts";
import { denied, IP, invalid, LABEL, LABEL_VALUE, SUBDOMAIN } from "./says.testing.ts";

const PODS = "/api/v1/namespaces/shop/pods";

/** A pod with one container, its parts replaced. */
export function pod(spec: object, container: object = {}, metadata: object = {}): object {
  return {
    metadata: { name: "escape", ...metadata },
    spec: { containers: [{ name: "c", image: "tool", ...container }], ...spec },
  };
}

export function refused(name: string, rule: string, body: object, says: string, path = PODS): Escape {
  return { name, rule, as: "owner", attempt: post(path, body), want: { code: 422, says } };
}

/** A pod whose container has this security context. */
export const confined = (securityContext: object, more: object = {}) => pod(more, { securityContext });

const LINES = "Kubernetes: pod DNS config is lines of a file";
const OPTIONS = `${LINES} (stricter than Kubernetes, which does not look at options)`;
const NAMES = "RFC 1123 2.1: names";

/** Pods that ask for more than their words say. What the kernel decides, lab tests try. */
export const podEscapes: readonly Escape[] = [
  refused(
    "a volume's name with slashes",
    NAMES,
    pod({ volumes: [{ name: "../v", emptyDir: {} }] }),
    invalid("Pod", "escape", `spec.volumes[0].name: Invalid value: "../v": ${LABEL}`),
  ),
  refused(
    "a container's name that leads upwards",
    NAMES,
    pod({}, { name: "../../c" }),
    invalid("Pod", "escape", `spec.containers[0].name: Invalid value: "../../c": ${LABEL}`),
  ),
  refused(
    "a pod's name that leads upwards",
    NAMES,
    pod({}, {}, { name: "../x" }),
    invalid("Pod", "../x", `metadata.name: Invalid value: "../x": ${SUBDOMAIN}`),
  ),
  refused(
    "a pod's name with line breaks",
    NAMES,
    pod({}, {}, { name: "a\nb" }),
    invalid("Pod", "a\\nb", `metadata.name: Invalid value: "a\\nb": ${SUBDOMAIN}`),
  ),
  refused(
    "a host port beyond 65535",
    "Kubernetes: hostPort",
    pod({}, { ports: [{ containerPort: 80, hostPort: 65_536 }] }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].ports[0].hostPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
    ),
  ),
  refused(
    "one host port twice",
    "Kubernetes: hostPort",
    pod(
      {},
      {
        ports: [
          { containerPort: 80, hostPort: 80 },
          { containerPort: 81, hostPort: 80 },
        ],
      },
    ),
    invalid("Pod", "escape", 'spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"'),
  ),
  refused(
    "a port's name with quotes",
    NAMES,
    pod({}, { ports: [{ name: '";drop', containerPort: 80 }] }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].ports[0].name: Invalid value: "\\";drop": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ),
  ),
  refused(
    "a line break in a resolver option",
    OPTIONS,
    pod({ dnsConfig: { options: [{ name: "a\nnameserver 192.0.2.1" }] } }),
    invalid(
      "Pod",
      "escape",
      'spec.dnsConfig.options[0].name: Invalid value: "a\\nnameserver 192.0.2.1": must not contain line breaks',
    ),
  ),
  refused(
    "a line break in a search domain",
    LINES,
    pod({ dnsConfig: { searches: ["a\nnameserver 192.0.2.1"] } }),
    invalid(
      "Pod",
      "escape",
      "spec.dnsConfig.searches[0]: Invalid value: \"a\\nnameserver 192.0.2.1\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
    ),
  ),
  refused(
    "a nameserver that is no address",
    LINES,
    pod({ dnsConfig: { nameservers: ["192.0.2.1\noptions x"] } }),
    invalid("Pod", "escape", `spec.dnsConfig.nameservers[0]: Invalid value: "192.0.2.1\\noptions x": ${IP}`),
  ),
  refused(
    "a line break in a host alias",
    "Kubernetes: hostAliases are lines of a file",
    pod({ hostAliases: [{ ip: "192.0.2.1", hostnames: ["a\n192.0.2.2 b"] }] }),
    invalid("Pod", "escape", `spec.hostAliases[0].hostnames[0]: Invalid value: "a\\n192.0.2.2 b": ${SUBDOMAIN}`),
  ),
  refused(
    "a line break in the address of a host alias",
    "Kubernetes: hostAliases are lines of a file",
    pod({ hostAliases: [{ ip: "192.0.2.1\n", hostnames: ["a"] }] }),
    invalid("Pod", "escape", `spec.hostAliases[0].ip: Invalid value: "192.0.2.1\\n": ${IP}`),
  ),
  refused(
    "a hostname with a slash",
    NAMES,
    pod({ hostname: "../x" }),
    invalid("Pod", "escape", `spec.hostname: Invalid value: "../x": ${LABEL}`),
  ),
  refused(
    "an environment variable's name with =",
    "Kubernetes: names of environment variables",
    pod({}, { env: [{ name: "A=B", value: "x" }] }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].env[0].name: Invalid value: \"A=B\": a valid environment variable name must consist only of printable ASCII characters other than '='",
    ),
  ),
  refused(
    "an environment variable's name with a NUL",
    "Kubernetes: names of environment variables",
    pod({}, { env: [{ name: "A\0B", value: "x" }] }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].env[0].name: Invalid value: \"A\\x00B\": a valid environment variable name must consist only of printable ASCII characters other than '='",
    ),
  ),
  refused(
    "a field of the downward API through a prototype",
    "CVE-2019-10744: prototype pollution",
    pod({}, { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.__proto__" } } }] }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.__proto__": error converting fieldPath: field label not supported: metadata.__proto__',
    ),
  ),
  refused(
    "a field of the downward API that is another object's",
    "Kubernetes: downward API",
    pod({}, { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.containers[0].env" } } }] }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.containers[0].env": error converting fieldPath: field label not supported: spec.containers[0].env',
    ),
  ),
  refused(
    "an image with a space before its name",
    "Kubernetes: image names",
    pod({}, { image: " tool" }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].image: Invalid value: " tool": must not have leading or trailing whitespace',
    ),
  ),
  refused(
    "a label's value that is markup",
    "Kubernetes: label values",
    pod({}, {}, { labels: { a: "<script>" } }),
    invalid("Pod", "escape", `metadata.labels: Invalid value: "<script>": ${LABEL_VALUE}`),
  ),
  refused(
    "a label's key with a brace",
    "Kubernetes: label keys",
    pod({}, {}, { labels: { "{a}": "b" } }),
    invalid(
      "Pod",
      "escape",
      "metadata.labels: Invalid value: \"{a}\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ),
  ),
  refused(
    "an ephemeral container from the start",
    "Kubernetes: ephemeralContainers",
    pod({ ephemeralContainers: [{ name: "e", image: "i" }] }),
    invalid("Pod", "escape", "spec.ephemeralContainers: Forbidden: cannot be set on create"),
  ),
  {
    name: "an ephemeral container beside a running one (not served here, so that no rule can be passed by it)",
    rule: "CVE-2023-2727, CVE-2023-2728: admission looks at ephemeral containers",
    as: "admin",
    attempt: merge(`${PODS}/web-1/ephemeralcontainers`, {
      spec: { ephemeralContainers: [{ name: "e", image: "i", envFrom: [{ secretRef: { name: "secret-1" } }] }] },
    }),
    want: { code: 405, says: "MethodNotAllowed: pods/ephemeralcontainers is not supported by this server" },
  },
  {
    name: "an account that is not there",
    rule: "Kubernetes: ServiceAccount admission",
    as: "owner",
    attempt: post(PODS, pod({ serviceAccountName: "nope" })),
    want: {
      code: 403,
      says: 'Forbidden: pods "escape" is forbidden: error looking up service account shop/nope: serviceaccount "nope" not found',
    },
  },
  {
    name: "a pod of system priority outside kube-system",
    rule: "Kubernetes: Priority admission",
    as: "owner",
    attempt: post(PODS, pod({ priority: 2_000_000_000 })),
    want: {
      code: 403,
      says: 'Forbidden: pods "escape" is forbidden: the integer value of priority (2000000000) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    },
  },
  {
    name: "the image of a running pod's neighbour through an update of its volumes",
    rule: "Kubernetes: pods are immutable but for their images",
    as: "owner",
    attempt: merge(`${PODS}/web-1`, { spec: { volumes: [{ name: "s", hostPath: { path: "/" } }] } }),
    want: {
      code: 422,
      says: /^Invalid: Pod "web-1" is invalid: spec: Forbidden: pod updates may not change fields other than [^\n]*\n- spec\.volumes: /,
    },
  },
  {
    name: "the owner of a pod makes it privileged while it runs",
    rule: "Kubernetes: pods are immutable but for their images",
    as: "owner",
    attempt: {
      method: "PATCH",
      path: `${PODS}/web-1`,
      type: "application/json-patch+json",
      body: [{ op: "add", path: "/spec/containers/0/securityContext", value: { privileged: true } }],
    },
    want: {
      code: 422,
      says: /^Invalid: Pod "web-1" is invalid: spec: Forbidden: pod updates may not change fields other than [^\n]*\n- spec\.containers: /,
    },
  },
  {
    name: "the owner of a namespace binds pods to nodes",
    rule: "RBAC: pods/binding",
    as: "owner",
    attempt: post(`${PODS}/web-1/binding`, { metadata: { name: "web-1" }, target: { kind: "Node", name: "node-2" } }),
    want: { code: 403, says: denied("owner", "create", "pods/binding", { namespace: "shop", name: "web-1" }) },
  },
  {
    name: "an image that looks like a flag stays a text",
    rule: "CWE-88: arguments out of names",
    as: "owner",
    attempt: post(`${PODS}?dryRun=All`, pod({}, { image: "--privileged" })),
    want: { code: 201, says: /"image":"--privileged"/ },
  },
  {
    name: "a command of shell characters stays a list of texts",
    rule: "CWE-78: commands out of texts",
    as: "owner",
    attempt: post(`${PODS}?dryRun=All`, pod({}, { command: ["echo", "$(id); `id` && id"] })),
    want: { code: 201, says: /"command":\["echo","\$\(id\); `id` && id"\]/ },
  },
  {
    name: "privileged passes only as it was declared",
    rule: "Kubernetes: SecurityContext",
    as: "owner",
    attempt: post(`${PODS}?dryRun=All`, confined({ privileged: false, capabilities: { drop: ["ALL"] } })),
    want: { code: 201, says: /"securityContext":\{"capabilities":\{"drop":\["ALL"\]\},"privileged":false\}/ },
  },
];
