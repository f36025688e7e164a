import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import type { ImageInfo } from "../runtime/pod-runtime.ts";
import { allContainers } from "../sync/pod-state.ts";
import { testPod } from "../testing/pods.testing.ts";
import { admissionRefusal } from "./admission/admit-pod.ts";
import { unsupportedContainerRefusal } from "./admission/unsupported.ts";
import { nonRootRefusal } from "./steps/check-non-root.ts";
import { seccompRefusal } from "./steps/check-seccomp.ts";

const root: ImageInfo = { id: "", tags: [], digests: [], sizeBytes: 0, uid: 0, username: "" };
const named: ImageInfo = { ...root, uid: undefined, username: "www" };
const where = '(pod: "web_shop(uid-1)", container: app)';

const nonRoot: { name: string; spec: Draft<Pod["spec"]>; image: ImageInfo; want: string | undefined }[] = [
  { name: "nobody minds", spec: {}, image: root, want: undefined },
  {
    name: "root's image",
    spec: { securityContext: { runAsNonRoot: true } },
    image: root,
    want: `container has runAsNonRoot and image will run as root ${where}`,
  },
  {
    name: "another user",
    spec: { securityContext: { runAsNonRoot: true, runAsUser: 5 } },
    image: root,
    want: undefined,
  },
  {
    name: "root by name",
    spec: { securityContext: { runAsNonRoot: true, runAsUser: 0 } },
    image: root,
    want: `container's runAsUser breaks non-root policy ${where}`,
  },
  {
    name: "a name says nothing",
    spec: { securityContext: { runAsNonRoot: true } },
    image: named,
    want: `container has runAsNonRoot and image has non-numeric user (www), cannot verify user is non-root ${where}`,
  },
  {
    name: "the container's word goes before the pod's",
    spec: {
      securityContext: { runAsNonRoot: true },
      containers: [{ name: "app", securityContext: { runAsNonRoot: false } }],
    },
    image: root,
    want: undefined,
  },
];

for (const { name, spec, image, want } of nonRoot) {
  test(`nonRootRefusal: ${name}`, () => {
    const pod = testPod(spec);
    const [container] = pod.spec.containers;
    assert.ok(container !== undefined);
    assert.equal(nonRootRefusal(pod, container, image), want);
  });
}

const NO_APPARMOR = "AppArmor: Cannot enforce AppArmor: AppArmor is not enabled on the host";
const ANNOTATION = "container.apparmor.security.beta.kubernetes.io/app";

const refused: {
  spec: Draft<Pod["spec"]>;
  metadata?: Draft<Pod["metadata"]>;
  want: string | undefined;
}[] = [
  { spec: {}, want: undefined },
  { spec: { runtimeClassName: "gvisor" }, want: "Unsupported: spec.runtimeClassName is not supported by this kubelet" },
  { spec: { hostUsers: false }, want: "Unsupported: spec.hostUsers: false is not supported by this kubelet" },
  {
    spec: { containers: [{ name: "app", volumeDevices: [{ name: "d", devicePath: "/dev/d" }] }] },
    want: "Unsupported: volumeDevices of container app is not supported by this kubelet",
  },
  { spec: { securityContext: { sysctls: [{ name: "net.ipv4.ip_local_port_range", value: "1 2" }] } }, want: undefined },
  {
    spec: { securityContext: { sysctls: [{ name: "kernel.panic", value: "1" }] } },
    want: 'SysctlForbidden: forbidden sysctl: "kernel.panic" not allowlisted',
  },
  {
    spec: { securityContext: { sysctls: [{ name: "net/ipv4/tcp_syncookies", value: "1" }] }, hostNetwork: true },
    want: 'SysctlForbidden: forbidden sysctl: "net.ipv4.tcp_syncookies" not allowed with host Net enabled',
  },
  {
    spec: { securityContext: { sysctls: [{ name: "kernel.shm_rmid_forced", value: "1" }] }, hostIPC: true },
    want: 'SysctlForbidden: forbidden sysctl: "kernel.shm_rmid_forced" not allowed with host IPC enabled',
  },
  {
    spec: { securityContext: { sysctls: [{ name: "kernel.shm_rmid_forced", value: "1" }] }, hostNetwork: true },
    want: undefined,
  },
  { spec: { os: { name: "linux" } }, metadata: { labels: { "kubernetes.io/os": "linux" } }, want: undefined },
  {
    spec: { os: { name: "windows" } },
    want: "PodOSNotSupported: Failed to admit pod as the OS field doesn't match node OS",
  },
  {
    spec: {},
    metadata: { labels: { "kubernetes.io/os": "windows" } },
    want: "PodOSSelectorNodeLabelDoesNotMatch: Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
  },
  {
    spec: { securityContext: { supplementalGroupsPolicy: "Strict" } },
    want: "SupplementalGroupsPolicyNotSupported: SupplementalGroupsPolicy=Strict is not supported in this node",
  },
  { spec: { securityContext: { supplementalGroupsPolicy: "Merge" } }, want: undefined },
  { spec: { securityContext: { appArmorProfile: { type: "RuntimeDefault" } } }, want: NO_APPARMOR },
  { spec: { securityContext: { appArmorProfile: { type: "Unconfined" } } }, want: undefined },
  {
    spec: {
      initContainers: [
        { name: "i", securityContext: { appArmorProfile: { type: "Localhost", localhostProfile: "mine" } } },
      ],
    },
    want: NO_APPARMOR,
  },
  { spec: {}, metadata: { annotations: { [ANNOTATION]: "runtime/default" } }, want: NO_APPARMOR },
  { spec: {}, metadata: { annotations: { [ANNOTATION]: "unconfined" } }, want: undefined },
  {
    spec: { dnsConfig: { options: [{ name: "ndots", value: "1\nnameserver 192.0.2.1" }] } },
    want: "Unsupported: a line break in spec.dnsConfig is not supported by this kubelet",
  },
  {
    spec: { hostAliases: [{ ip: "192.0.2.1", hostnames: ["a\n192.0.2.2 b"] }] },
    want: "Unsupported: a line break in spec.hostAliases is not supported by this kubelet",
  },
  {
    spec: { containers: [{ name: "app", securityContext: { procMount: "Unmasked" } }] },
    want: "Unsupported: securityContext.procMount: Unmasked of container app is not supported by this kubelet",
  },
];

for (const { spec, metadata, want } of refused) {
  test(`admissionRefusal: ${JSON.stringify({ ...spec, ...metadata })}`, () => {
    const found = admissionRefusal(testPod(spec, metadata));
    assert.equal(found && `${found.reason}: ${found.message}`, want);
  });
}

test("admissionRefusal: a pod that runs is not refused for its AppArmor profile", () => {
  const pod = testPod({ securityContext: { appArmorProfile: { type: "RuntimeDefault" } } });
  assert.equal(admissionRefusal({ ...pod, status: { phase: "Running" } }), undefined);
});

test("unsupportedContainerRefusal: an ephemeral container of a pod that runs is refused alone", () => {
  const refusals = allContainers(
    testPod({ ephemeralContainers: [{ name: "debug", securityContext: { procMount: "Unmasked" } }] }),
  ).map(({ container }) => unsupportedContainerRefusal(container));
  assert.deepEqual(refusals, [
    undefined,
    "securityContext.procMount: Unmasked of container debug is not supported by this kubelet",
  ]);
});

const OUT_OF_FOLDER = "leads out of the profiles' folder";

for (const { localhostProfile, want } of [
  { localhostProfile: "profiles/audit.json", want: undefined },
  { localhostProfile: "", want: "localhostProfile must be set if seccompProfile type is Localhost." },
  { localhostProfile: "../x", want: `seccompProfile.localhostProfile "../x" ${OUT_OF_FOLDER}` },
  { localhostProfile: "a/../../x", want: `seccompProfile.localhostProfile "a/../../x" ${OUT_OF_FOLDER}` },
  { localhostProfile: "/etc/x", want: `seccompProfile.localhostProfile "/etc/x" ${OUT_OF_FOLDER}` },
]) {
  test(`seccompRefusal: ${JSON.stringify(localhostProfile)}`, () => {
    const pod = testPod({ securityContext: { seccompProfile: { type: "Localhost", localhostProfile } } });
    const [container] = pod.spec.containers;
    assert.ok(container !== undefined);
    assert.equal(seccompRefusal(pod, container), want);
  });
}
