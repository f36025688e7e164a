import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { Draft } from "../../api/schema.ts";
import type { ImageInfo } from "../runtime/pod-runtime.ts";
import { testPod } from "../testing/pods.testing.ts";
import { nonRootRefusal } from "./check-non-root.ts";
import { refusal } from "./unsupported.ts";

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

const unsupported: { spec: Draft<Pod["spec"]>; want: string | undefined }[] = [
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
];

for (const { spec, want } of unsupported) {
  test(`refusal: ${want ?? "none"} (${Object.keys(spec).join()})`, () => {
    const found = refusal(testPod(spec));
    assert.equal(found && `${found.reason}: ${found.message}`, want);
  });
}
