import type { Escape } from "./escape.testing.ts";

const PODS = "/api/v1/namespaces/shop/pods";

/** A pod with one container, its parts replaced. */
function pod(spec: object, container: object = {}, metadata: object = {}): object {
  return {
    metadata: { name: "escape", ...metadata },
    spec: { containers: [{ name: "c", image: "tool", ...container }], ...spec },
  };
}

function refused(name: string, rule: string, body: object, says: RegExp, path = PODS): Escape {
  return { name, rule, as: "owner", attempt: { method: "POST", path, body }, want: { code: 422, says } };
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
const NAMES = "RFC 1123 2.1: names";

/** Pods that ask for more than their words say. What the kernel decides, lab tests try. */
export const podEscapes: readonly Escape[] = [
  refused(
    "a hostPath that leads upwards",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "/var/lib/../../etc" } }] }),
    /must not contain '\.\.'/,
  ),
  refused(
    "a hostPath without a path",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "" } }] }),
    /Required value/,
  ),
  refused(
    "a hostPath of an unknown type",
    PATHS,
    pod({ volumes: [{ name: "v", hostPath: { path: "/", type: "Root" } }] }),
    /Unsupported value/,
  ),
  refused(
    "a subPath that leads upwards",
    "CVE-2017-1002101: subPath",
    mounted({ subPath: "../../etc" }),
    /must not contain '\.\.'/,
  ),
  refused("an absolute subPath", "CVE-2017-1002101: subPath", mounted({ subPath: "/etc" }), /must be a relative path/),
  refused(
    "a subPathExpr that leads upwards",
    "CVE-2019-11251 kin: subPathExpr",
    mounted({ subPathExpr: "../$(X)" }),
    /must not contain '\.\.'/,
  ),
  refused(
    "subPath beside subPathExpr",
    "Kubernetes: subPathExpr",
    mounted({ subPath: "a", subPathExpr: "b" }),
    /mutually exclusive/,
  ),
  refused(
    "mounts that spread to the host",
    "Kubernetes: mountPropagation",
    mounted({ mountPropagation: "Bidirectional" }),
    /available only to privileged containers/,
  ),
  refused(
    "a file of a Secret that leads upwards",
    "CVE-2017-1002102: projected paths",
    pod({
      volumes: [{ name: "v", secret: { secretName: "secret-1", items: [{ key: "key", path: "../../etc/passwd" }] } }],
    }),
    /must not contain '\.\.'/,
  ),
  refused(
    "an absolute file of a ConfigMap",
    "CVE-2017-1002102: projected paths",
    pod({ volumes: [{ name: "v", configMap: { name: "other", items: [{ key: "key", path: "/etc/passwd" }] } }] }),
    /must be a relative path/,
  ),
  refused(
    "a projected token at a path that leads upwards",
    "CVE-2017-1002102: projected paths",
    pod({ volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "../token" } }] } }] }),
    /must not contain '\.\.'/,
  ),
  refused(
    "a volume's name with slashes",
    NAMES,
    pod({ volumes: [{ name: "../v", emptyDir: {} }] }),
    /a lowercase RFC 1123 label/,
  ),
  refused("a container's name that leads upwards", NAMES, pod({}, { name: "../../c" }), /a lowercase RFC 1123 label/),
  refused("a pod's name that leads upwards", NAMES, pod({}, {}, { name: "../x" }), /metadata.name/),
  refused("a pod's name with line breaks", NAMES, pod({}, {}, { name: "a\nb" }), /metadata.name/),
  refused(
    "a seccomp profile that leads upwards",
    PROFILES,
    context({ seccompProfile: { type: "Localhost", localhostProfile: "../../etc/passwd" } }),
    /must not contain '\.\.'/,
  ),
  refused(
    "an absolute seccomp profile of a container",
    PROFILES,
    confined({ seccompProfile: { type: "Localhost", localhostProfile: "/etc/passwd" } }),
    /must be a relative path/,
  ),
  refused(
    "a profile beside Unconfined",
    PROFILES,
    confined({ seccompProfile: { type: "Unconfined", localhostProfile: "x" } }),
    /can only be set when seccomp type is Localhost/,
  ),
  refused(
    "an AppArmor profile of an unknown type",
    "Kubernetes: appArmorProfile",
    confined({ appArmorProfile: { type: "None" } }),
    /Unsupported value/,
  ),
  refused(
    "a kernel setting with spaces",
    SYSCTLS,
    sysctl("kernel.core_pattern = |x"),
    /must have at most 253 characters and match regex/,
  ),
  refused("a kernel setting that leads upwards", SYSCTLS, sysctl("net/../kernel/core_pattern"), /match regex/),
  refused(
    "a network setting of the host",
    SYSCTLS,
    sysctl("net.ipv4.ip_forward", { hostNetwork: true }),
    /may not be specified when 'hostNetwork' is true/,
  ),
  refused(
    "a setting of the host's IPC",
    SYSCTLS,
    sysctl("kernel.shmmax", { hostIPC: true }),
    /may not be specified when 'hostIPC' is true/,
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
    /Duplicate value/,
  ),
  refused(
    "an unmasked /proc in the host's user namespace",
    "Kubernetes: procMount",
    confined({ procMount: "Unmasked" }),
    /`hostUsers` must be false to use `Unmasked`/,
  ),
  refused(
    "a procMount of another name",
    "Kubernetes: procMount",
    confined({ procMount: "Writable" }),
    /Unsupported value/,
  ),
  refused(
    "a user namespace beside the host's network",
    "Kubernetes: hostUsers",
    pod({ hostUsers: false, hostNetwork: true }),
    /spec.hostNetwork: Forbidden: when `hostUsers` is false/,
  ),
  refused(
    "the host's processes shared among containers",
    "Kubernetes: shareProcessNamespace",
    pod({ hostPID: true, shareProcessNamespace: true }),
    /cannot both be enabled/,
  ),
  refused(
    "privileged without escalation",
    "Kubernetes: allowPrivilegeEscalation",
    confined({ privileged: true, allowPrivilegeEscalation: false }),
    /cannot set `allowPrivilegeEscalation` to false and `privileged` to true/,
  ),
  refused(
    "a user below zero",
    "Kubernetes: runAsUser",
    confined({ runAsUser: -1 }),
    /must be between 0 and 2147483647/,
  ),
  refused(
    "a user beyond 31 bits",
    "Kubernetes: runAsUser",
    confined({ runAsUser: 4_294_967_296 }),
    /must be between 0 and 2147483647/,
  ),
  refused(
    "a host port beyond 65535",
    "Kubernetes: hostPort",
    pod({}, { ports: [{ containerPort: 80, hostPort: 65_536 }] }),
    /must be between 1 and 65535/,
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
    /Duplicate value/,
  ),
  refused(
    "a port's name with quotes",
    NAMES,
    pod({}, { ports: [{ name: '";drop', containerPort: 80 }] }),
    /ports\[0\].name/,
  ),
  refused(
    "a line break in a resolver option",
    LINES,
    pod({ dnsConfig: { options: [{ name: "a\nnameserver 192.0.2.1" }] } }),
    /must not contain line breaks/,
  ),
  refused(
    "a line break in a search domain",
    LINES,
    pod({ dnsConfig: { searches: ["a\nnameserver 192.0.2.1"] } }),
    /searches/,
  ),
  refused(
    "a nameserver that is no address",
    LINES,
    pod({ dnsConfig: { nameservers: ["192.0.2.1\noptions x"] } }),
    /nameservers\[0\]/,
  ),
  refused(
    "a line break in a host alias",
    "Kubernetes: hostAliases are lines of a file",
    pod({ hostAliases: [{ ip: "192.0.2.1", hostnames: ["a\n192.0.2.2 b"] }] }),
    /hostnames/,
  ),
  refused(
    "a line break in the address of a host alias",
    "Kubernetes: hostAliases are lines of a file",
    pod({ hostAliases: [{ ip: "192.0.2.1\n", hostnames: ["a"] }] }),
    /ip/,
  ),
  refused("a hostname with a slash", NAMES, pod({ hostname: "../x" }), /hostname/),
  refused(
    "an environment variable's name with =",
    "Kubernetes: names of environment variables",
    pod({}, { env: [{ name: "A=B", value: "x" }] }),
    /env\[0\].name/,
  ),
  refused(
    "an environment variable's name with a NUL",
    "Kubernetes: names of environment variables",
    pod({}, { env: [{ name: "A\0B", value: "x" }] }),
    /env\[0\].name/,
  ),
  refused(
    "a field of the downward API through a prototype",
    "CVE-2019-10744: prototype pollution",
    pod({}, { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.__proto__" } } }] }),
    /fieldPath/,
  ),
  refused(
    "a field of the downward API that is another object's",
    "Kubernetes: downward API",
    pod({}, { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.containers[0].env" } } }] }),
    /fieldPath/,
  ),
  refused(
    "an image with a space before its name",
    "Kubernetes: image names",
    pod({}, { image: " tool" }),
    /must not have leading or trailing whitespace/,
  ),
  refused(
    "a termination message beside which /dev/null disappears",
    "Kubernetes: mountPath",
    pod({ volumes }, { volumeMounts: [{ name: "v", mountPath: "" }] }),
    /mountPath: Required value/,
  ),
  refused(
    "a label's value that is markup",
    "Kubernetes: label values",
    pod({}, {}, { labels: { a: "<script>" } }),
    /metadata.labels/,
  ),
  refused(
    "a label's key with a brace",
    "Kubernetes: label keys",
    pod({}, {}, { labels: { "{a}": "b" } }),
    /metadata.labels/,
  ),
  refused(
    "an ephemeral container from the start",
    "Kubernetes: ephemeralContainers",
    pod({ ephemeralContainers: [{ name: "e", image: "i" }] }),
    /ephemeralContainers/,
  ),
  {
    name: "an account that is not there",
    rule: "Kubernetes: ServiceAccount admission",
    as: "owner",
    attempt: { method: "POST", path: PODS, body: pod({ serviceAccountName: "nope" }) },
    want: { code: 403, says: /error looking up service account shop\/nope/ },
  },
  {
    name: "a pod of system priority outside kube-system",
    rule: "Kubernetes: Priority admission",
    as: "owner",
    attempt: { method: "POST", path: PODS, body: pod({ priority: 2_000_000_000 }) },
    want: { code: 403, says: /priority/ },
  },
  {
    name: "the image of a running pod's neighbour through an update of its volumes",
    rule: "Kubernetes: pods are immutable but for their images",
    as: "owner",
    attempt: {
      method: "PATCH",
      path: `${PODS}/web-1`,
      type: "application/merge-patch+json",
      body: { spec: { volumes: [{ name: "s", hostPath: { path: "/" } }] } },
    },
    want: { code: 422, says: /pod updates may not change fields other than/ },
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
    want: { code: 422, says: /pod updates may not change fields other than/ },
  },
  {
    name: "the owner of a namespace binds pods to nodes",
    rule: "RBAC: pods/binding",
    as: "owner",
    attempt: {
      method: "POST",
      path: `${PODS}/web-1/binding`,
      body: { metadata: { name: "web-1" }, target: { kind: "Node", name: "node-2" } },
    },
    want: { code: 403, says: /pods\/binding/ },
  },
  {
    name: "an image that looks like a flag stays a text",
    rule: "CWE-88: arguments out of names",
    as: "owner",
    attempt: { method: "POST", path: `${PODS}?dryRun=All`, body: pod({}, { image: "--privileged" }) },
    want: { code: 201, says: /"image":"--privileged"/ },
  },
  {
    name: "a command of shell characters stays a list of texts",
    rule: "CWE-78: commands out of texts",
    as: "owner",
    attempt: { method: "POST", path: `${PODS}?dryRun=All`, body: pod({}, { command: ["echo", "$(id); `id` && id"] }) },
    want: { code: 201, says: /"command":\["echo","\$\(id\); `id` && id"\]/ },
  },
  {
    name: "privileged passes only as it was declared",
    rule: "Kubernetes: SecurityContext",
    as: "owner",
    attempt: {
      method: "POST",
      path: `${PODS}?dryRun=All`,
      body: confined({ privileged: false, capabilities: { drop: ["ALL"] } }),
    },
    want: { code: 201, says: /"securityContext":\{"capabilities":\{"drop":\["ALL"\]\},"privileged":false\}/ },
  },
];
