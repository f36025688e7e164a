import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOf } from "../../../../complete.testing.ts";
import type { Draft } from "../../../../schema.ts";
import type { Pod } from "../pod.ts";
import { podKind } from "../pod.ts";

type Spec = Draft<Pod["spec"]>;
type Shared = Draft<Pod["spec"]["securityContext"]>;
type Own = Draft<NonNullable<Pod["spec"]["containers"][number]["securityContext"]>>;

const web = { name: "web", image: "web:1" };
const shared = (securityContext: Shared, more: Spec = {}): Spec => ({ ...more, securityContext, containers: [web] });
const own = (securityContext: Own, more: Spec = {}): Spec => ({ ...more, containers: [{ ...web, securityContext }] });

const OF_POD = "spec.securityContext";
const OF_CONTAINER = "spec.containers[0].securityContext";

const cases: { name: string; spec: Spec; want: readonly string[] }[] = [
  {
    name: "seccomp profile below the kubelet's folder",
    spec: shared({ seccompProfile: { type: "Localhost", localhostProfile: "profiles/audit.json" } }),
    want: [],
  },
  {
    name: "seccomp profile above the kubelet's folder",
    spec: shared({ seccompProfile: { type: "Localhost", localhostProfile: "../../etc/passwd" } }),
    want: [`${OF_POD}.seccompProfile.localhostProfile: Invalid value: "../../etc/passwd": must not contain '..'`],
  },
  {
    name: "seccomp profile of a container that leaves the folder midway",
    spec: own({ seccompProfile: { type: "Localhost", localhostProfile: "a/../../b" } }),
    want: [`${OF_CONTAINER}.seccompProfile.localhostProfile: Invalid value: "a/../../b": must not contain '..'`],
  },
  {
    name: "absolute path of a seccomp profile",
    spec: own({ seccompProfile: { type: "Localhost", localhostProfile: "/etc/passwd" } }),
    want: [`${OF_CONTAINER}.seccompProfile.localhostProfile: Invalid value: "/etc/passwd": must be a relative path`],
  },
  {
    name: "Localhost without a seccomp profile",
    spec: own({ seccompProfile: { type: "Localhost" } }),
    want: [
      `${OF_CONTAINER}.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost`,
    ],
  },
  {
    name: "seccomp profile without Localhost",
    spec: own({ seccompProfile: { type: "RuntimeDefault", localhostProfile: "a" } }),
    want: [
      `${OF_CONTAINER}.seccompProfile.localhostProfile: Invalid value: {"type":"RuntimeDefault","localhostProfile":"a"}: can only be set when seccomp type is Localhost`,
    ],
  },
  {
    name: "unknown type of seccomp profile",
    spec: own({ seccompProfile: { type: "Default" } }),
    want: [
      `${OF_CONTAINER}.seccompProfile.type: Unsupported value: "Default": supported values: "Localhost", "RuntimeDefault", "Unconfined"`,
    ],
  },
  {
    name: "unmasked /proc in the machine's user namespace",
    spec: own({ procMount: "Unmasked" }),
    want: [`${OF_CONTAINER}.procMount: Invalid value: "Unmasked": \`hostUsers\` must be false to use \`Unmasked\``],
  },
  {
    name: "unmasked /proc where hostUsers is true",
    spec: own({ procMount: "Unmasked" }, { hostUsers: true }),
    want: [`${OF_CONTAINER}.procMount: Invalid value: "Unmasked": \`hostUsers\` must be false to use \`Unmasked\``],
  },
  {
    name: "unmasked /proc in a user namespace of the pod's own",
    spec: own({ procMount: "Unmasked" }, { hostUsers: false }),
    want: [],
  },
  {
    name: "unmasked /proc of an init container",
    spec: { containers: [web], initContainers: [{ ...web, name: "i", securityContext: { procMount: "Unmasked" } }] },
    want: [
      'spec.initContainers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
    ],
  },
  {
    name: "unknown procMount",
    spec: own({ procMount: "All" }),
    want: [`${OF_CONTAINER}.procMount: Unsupported value: "All": supported values: "Default", "Unmasked"`],
  },
  {
    name: "AppArmor profile without a type",
    spec: shared({ appArmorProfile: { type: "" } }),
    want: [`${OF_POD}.appArmorProfile.type: Required value: type is required when appArmorProfile is set`],
  },
  {
    name: "AppArmor profile padded with spaces",
    spec: own({ appArmorProfile: { type: "Localhost", localhostProfile: " a" } }),
    want: [`${OF_CONTAINER}.appArmorProfile.localhostProfile: Invalid value: " a": must not be padded with whitespace`],
  },
  {
    name: "AppArmor profile longer than a path",
    spec: own({ appArmorProfile: { type: "Localhost", localhostProfile: "a".repeat(4096) } }),
    want: [`${OF_CONTAINER}.appArmorProfile.localhostProfile: Too long: may not be more than 4095 bytes`],
  },
  {
    name: "Localhost without an AppArmor profile",
    spec: own({ appArmorProfile: { type: "Localhost", localhostProfile: "" } }),
    want: [
      `${OF_CONTAINER}.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost`,
    ],
  },
  {
    name: "kernel setting named twice",
    spec: shared({ sysctls: [1, 2].map((n) => ({ name: "net.ipv4.tcp_syncookies", value: String(n) })) }),
    want: [`${OF_POD}.sysctls[1].name: Duplicate value: "net.ipv4.tcp_syncookies"`],
  },
  {
    name: "kernel setting of the machine's network",
    spec: shared({ sysctls: [{ name: "net/ipv4/tcp_syncookies", value: "1" }] }, { hostNetwork: true }),
    want: [
      `${OF_POD}.sysctls[0].name: Invalid value: "net/ipv4/tcp_syncookies": may not be specified when 'hostNetwork' is true`,
    ],
  },
  {
    name: "kernel setting of the machine's IPC",
    spec: shared({ sysctls: [{ name: "kernel.shm_rmid_forced", value: "1" }] }, { hostIPC: true }),
    want: [
      `${OF_POD}.sysctls[0].name: Invalid value: "kernel.shm_rmid_forced": may not be specified when 'hostIPC' is true`,
    ],
  },
  {
    name: "a user namespace of its own beside the machine's other namespaces",
    spec: { containers: [web], hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true },
    want: [
      "spec.hostNetwork: Forbidden: when `hostUsers` is false",
      "spec.HostPID: Forbidden: when `hostUsers` is false",
      "spec.HostIPC: Forbidden: when `hostUsers` is false",
    ],
  },
  {
    name: "processes shared with the machine and among containers",
    spec: { containers: [web], hostPID: true, shareProcessNamespace: true },
    want: [
      `${OF_POD}.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled`,
    ],
  },
  {
    name: "line breaks in a resolver's options",
    spec: {
      containers: [web],
      dnsConfig: { options: [{ name: "a\nnameserver 192.0.2.1" }, { name: "b", value: "1\r\n" }, { name: "c" }] },
    },
    want: [
      'spec.dnsConfig.options[0].name: Invalid value: "a\\nnameserver 192.0.2.1": must not contain line breaks',
      'spec.dnsConfig.options[1].value: Invalid value: "1\\r\\n": must not contain line breaks',
    ],
  },
];

for (const { name, spec, want } of cases) {
  test(`validatePod: ${name}`, () => {
    assert.deepEqual(problemsOf(podKind, { metadata: { name: "p", namespace: "default" }, spec }), want);
  });
}

/** Each field that ends in a file of the pod, with a line of its own behind it. */
const lines: { name: string; spec: Spec }[] = [
  { name: "search domain", spec: { dnsConfig: { searches: ["a.example\nnameserver 192.0.2.1"] } } },
  { name: "search domain's end", spec: { dnsConfig: { searches: ["a.example\n"] } } },
  { name: "nameserver", spec: { dnsConfig: { nameservers: ["192.0.2.1\nsearch x"] } } },
  { name: "alias's address", spec: { hostAliases: [{ ip: "192.0.2.1\n", hostnames: ["a"] }] } },
  { name: "alias's name", spec: { hostAliases: [{ ip: "192.0.2.1", hostnames: ["a\n192.0.2.2 b"] }] } },
  { name: "host name", spec: { hostname: "a\nb" } },
  { name: "subdomain", spec: { subdomain: "a\n" } },
  { name: "host name override", spec: { hostnameOverride: "a\nb" } },
  { name: "variable's name", spec: { containers: [{ ...web, env: [{ name: "A\nB", value: "1" }] }] } },
];

for (const { name, spec } of lines) {
  test(`validatePod: refuses a line break in a ${name}`, () => {
    const whole = { containers: [web], ...spec };
    assert.notDeepEqual(problemsOf(podKind, { metadata: { name: "p", namespace: "default" }, spec: whole }), []);
  });
}

const annotated: { annotation: string; profile: string; want: readonly string[] }[] = [
  { annotation: "seccomp.security.alpha.kubernetes.io/pod", profile: "runtime/default", want: [] },
  {
    annotation: "seccomp.security.alpha.kubernetes.io/pod",
    profile: "localhost/../../etc/passwd",
    want: [
      `metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: "../../etc/passwd": must not contain '..'`,
    ],
  },
  {
    annotation: "container.seccomp.security.alpha.kubernetes.io/web",
    profile: "mine",
    want: [
      'metadata.annotations.container.seccomp.security.alpha.kubernetes.io/web: Invalid value: "mine": must be a valid seccomp profile',
    ],
  },
  { annotation: "container.apparmor.security.beta.kubernetes.io/web", profile: "localhost/mine", want: [] },
  {
    annotation: "container.apparmor.security.beta.kubernetes.io/other",
    profile: "mine",
    want: [
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/other]: Invalid value: "other": container not found',
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/other]: Invalid value: "mine": invalid AppArmor profile name: "mine"',
    ],
  },
];

for (const { annotation, profile, want } of annotated) {
  test(`validatePod: annotation ${annotation}: ${profile}`, () => {
    const metadata = { name: "p", namespace: "default", annotations: { [annotation]: profile } };
    assert.deepEqual(problemsOf(podKind, { metadata, spec: { containers: [web] } }), want);
  });
}
