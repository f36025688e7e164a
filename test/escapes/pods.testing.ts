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

const volumes = [{ name: "v", emptyDir: {} }];
const mounted = (mount: object) => pod({ volumes }, { volumeMounts: [{ name: "v", mountPath: "/v", ...mount }] });
const context = (securityContext: object, more: object = {}) => pod({ securityContext, ...more });
const confined = (securityContext: object, more: object = {}) => pod(more, { securityContext });
const sysctl = (name: string, more: object = {}) => context({ sysctls: [{ name, value: "1" }] }, more);
const PATHS = "Kubernetes: volume paths";
const SYSCTLS = "Kubernetes: PodSecurityContext sysctls";
const PROFILES = "Kubernetes: seccomp localhostProfile";
const LINES = "Kubernetes: pod DNS config is lines of a file";
const OPTIONS = `${LINES} (stricter than Kubernetes, which does not look at options)`;
const NAMES = "RFC 1123 2.1: names";

/** Pods that ask for more than their words say. What the kernel decides, lab tests try. */
export const podEscapes: readonly Escape[] = [
  refused(
    "a hostPath that leads upwards",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "/var/lib/../../etc" } }] }),
    invalid(
      "Pod",
      "escape",
      "spec.volumes[0].hostPath.path: Invalid value: \"/var/lib/../../etc\": must not contain '..'",
    ),
  ),
  refused(
    "a hostPath without a path",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "" } }] }),
    invalid("Pod", "escape", "spec.volumes[0].hostPath.path: Required value"),
  ),
  refused(
    "a hostPath of an unknown type",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "/", type: "Root" } }] }),
    invalid(
      "Pod",
      "escape",
      'spec.volumes[0].hostPath.type: Unsupported value: "Root": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ),
  ),
  refused(
    "a subPath that leads upwards",
    "CVE-2017-1002101: subPath",
    mounted({ subPath: "../../etc" }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].volumeMounts.subPath: Invalid value: \"../../etc\": must not contain '..'",
    ),
  ),
  refused(
    "an absolute subPath",
    "CVE-2017-1002101: subPath",
    mounted({ subPath: "/etc" }),
    invalid("Pod", "escape", 'spec.containers[0].volumeMounts.subPath: Invalid value: "/etc": must be a relative path'),
  ),
  refused(
    "a subPathExpr that leads upwards",
    "CVE-2019-11251 kin: subPathExpr",
    mounted({ subPathExpr: "../$(X)" }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].volumeMounts.subPathExpr: Invalid value: \"../$(X)\": must not contain '..'",
    ),
  ),
  refused(
    "subPath beside subPathExpr",
    "Kubernetes: subPathExpr",
    mounted({ subPath: "a", subPathExpr: "b" }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive',
    ),
  ),
  refused(
    "mounts that spread to the host",
    "Kubernetes: mountPropagation",
    mounted({ mountPropagation: "Bidirectional" }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers",
    ),
  ),
  refused(
    "a file of a Secret that leads upwards",
    "CVE-2017-1002102: projected paths",
    pod({
      volumes: [{ name: "v", secret: { secretName: "secret-1", items: [{ key: "key", path: "../../etc/passwd" }] } }],
    }),
    invalid(
      "Pod",
      "escape",
      "spec.volumes[0].secret.items[0].path: Invalid value: \"../../etc/passwd\": must not contain '..'",
    ),
  ),
  refused(
    "an absolute file of a ConfigMap",
    "CVE-2017-1002102: projected paths",
    pod({ volumes: [{ name: "v", configMap: { name: "other", items: [{ key: "key", path: "/etc/passwd" }] } }] }),
    invalid(
      "Pod",
      "escape",
      'spec.volumes[0].configMap.items[0].path: Invalid value: "/etc/passwd": must be a relative path',
    ),
  ),
  refused(
    "a projected token at a path that leads upwards",
    "CVE-2017-1002102: projected paths",
    pod({ volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "../token" } }] } }] }),
    invalid(
      "Pod",
      "escape",
      "spec.volumes[0].projected.sources[0].serviceAccountToken.path: Invalid value: \"../token\": must not contain '..'",
    ),
  ),
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
    "a seccomp profile that leads upwards",
    PROFILES,
    context({ seccompProfile: { type: "Localhost", localhostProfile: "../../etc/passwd" } }),
    invalid(
      "Pod",
      "escape",
      "spec.securityContext.seccompProfile.localhostProfile: Invalid value: \"../../etc/passwd\": must not contain '..'",
    ),
  ),
  refused(
    "an absolute seccomp profile of a container",
    PROFILES,
    confined({ seccompProfile: { type: "Localhost", localhostProfile: "/etc/passwd" } }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: "/etc/passwd": must be a relative path',
    ),
  ),
  refused(
    "a profile beside Unconfined",
    PROFILES,
    confined({ seccompProfile: { type: "Unconfined", localhostProfile: "x" } }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: {"type":"Unconfined","localhostProfile":"x"}: can only be set when seccomp type is Localhost',
    ),
  ),
  refused(
    "an AppArmor profile of an unknown type",
    "Kubernetes: appArmorProfile",
    confined({ appArmorProfile: { type: "None" } }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.appArmorProfile.type: Unsupported value: "None": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ),
  ),
  refused(
    "a kernel setting with spaces",
    SYSCTLS,
    sysctl("kernel.core_pattern = |x"),
    invalid(
      "Pod",
      "escape",
      'spec.securityContext.sysctls[0].name: Invalid value: "kernel.core_pattern = |x": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
    ),
  ),
  refused(
    "a kernel setting that leads upwards",
    SYSCTLS,
    sysctl("net/../kernel/core_pattern"),
    invalid(
      "Pod",
      "escape",
      'spec.securityContext.sysctls[0].name: Invalid value: "net/../kernel/core_pattern": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
    ),
  ),
  refused(
    "a network setting of the host",
    SYSCTLS,
    sysctl("net.ipv4.ip_forward", { hostNetwork: true }),
    invalid(
      "Pod",
      "escape",
      "spec.securityContext.sysctls[0].name: Invalid value: \"net.ipv4.ip_forward\": may not be specified when 'hostNetwork' is true",
    ),
  ),
  refused(
    "a setting of the host's IPC",
    SYSCTLS,
    sysctl("kernel.shmmax", { hostIPC: true }),
    invalid(
      "Pod",
      "escape",
      "spec.securityContext.sysctls[0].name: Invalid value: \"kernel.shmmax\": may not be specified when 'hostIPC' is true",
    ),
  ),
  refused(
    "a kernel setting twice",
    SYSCTLS,
    context({
      sysctls: [
        { name: "net.a", value: "1" },
        { name: "net.a", value: "2" },
      ],
    }),
    invalid("Pod", "escape", 'spec.securityContext.sysctls[1].name: Duplicate value: "net.a"'),
  ),
  refused(
    "an unmasked /proc in the host's user namespace",
    "Kubernetes: procMount",
    confined({ procMount: "Unmasked" }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
    ),
  ),
  refused(
    "a procMount of another name",
    "Kubernetes: procMount",
    confined({ procMount: "Writable" }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.procMount: Unsupported value: "Writable": supported values: "Default", "Unmasked"',
    ),
  ),
  refused(
    "a user namespace beside the host's network",
    "Kubernetes: hostUsers",
    pod({ hostUsers: false, hostNetwork: true }),
    invalid("Pod", "escape", "spec.hostNetwork: Forbidden: when `hostUsers` is false"),
  ),
  refused(
    "the host's processes shared among containers",
    "Kubernetes: shareProcessNamespace",
    pod({ hostPID: true, shareProcessNamespace: true }),
    invalid(
      "Pod",
      "escape",
      "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
    ),
  ),
  refused(
    "privileged without escalation",
    "Kubernetes: allowPrivilegeEscalation",
    confined({ privileged: true, allowPrivilegeEscalation: false }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ),
  ),
  refused(
    "a user below zero",
    "Kubernetes: runAsUser",
    confined({ runAsUser: -1 }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
    ),
  ),
  refused(
    "a user beyond 31 bits",
    "Kubernetes: runAsUser",
    confined({ runAsUser: 4_294_967_296 }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].securityContext.runAsUser: Invalid value: 4294967296: must be between 0 and 2147483647, inclusive",
    ),
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
    "a mount at no path",
    "Kubernetes: mountPath",
    pod({ volumes }, { volumeMounts: [{ name: "v", mountPath: "" }] }),
    invalid("Pod", "escape", "spec.containers[0].volumeMounts[0].mountPath: Required value"),
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
  refused(
    "a Localhost seccomp profile without a path",
    "CVE-2023-2431: empty localhostProfile",
    confined({ seccompProfile: { type: "Localhost" } }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
    ),
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
