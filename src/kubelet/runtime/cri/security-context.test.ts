import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { testPod } from "../../testing/pods.testing.ts";
import type { ImageUser } from "../pod-runtime.ts";
import { procPaths } from "./proc-paths.ts";
import { containerSecurityContext, sandboxSecurityContext } from "./security-context.ts";

type Shared = Draft<Pod["spec"]["securityContext"]>;
type Own = Draft<NonNullable<Pod["spec"]["containers"][number]["securityContext"]>>;

const THROTTLE = ["/sys/devices/system/cpu/cpu0/thermal_throttle"];
const root: ImageUser = { uid: 0, username: "" };

/** The defaults of upstream's kubelet without any flags. */
const DEFAULTS = {
  capabilities: { addCapabilities: [], dropCapabilities: [] },
  privileged: false,
  namespaceOptions: { network: "POD", pid: "CONTAINER", ipc: "POD" },
  runAsUser: { value: 0 },
  readonlyRootfs: false,
  supplementalGroups: [],
  noNewPrivs: false,
  ...procPaths("Default", THROTTLE),
  seccomp: { profileType: "Unconfined" },
};

const rows: { name: string; shared?: Shared; own?: Own; imageUser?: ImageUser; want: object }[] = [
  { name: "the defaults", want: {} },
  { name: "privileged", own: { privileged: true }, want: { privileged: true } },
  { name: "procMount Default", own: { procMount: "Default" }, want: {} },
  { name: "procMount Unmasked", own: { procMount: "Unmasked" }, want: { maskedPaths: [], readonlyPaths: [] } },
  {
    name: "capabilities",
    own: { capabilities: { add: ["NET_ADMIN"], drop: ["ALL"] } },
    want: { capabilities: { addCapabilities: ["NET_ADMIN"], dropCapabilities: ["ALL"] } },
  },
  { name: "no escalation", own: { allowPrivilegeEscalation: false }, want: { noNewPrivs: true } },
  { name: "escalation allowed", own: { allowPrivilegeEscalation: true }, want: {} },
  { name: "read-only root", own: { readOnlyRootFilesystem: true }, want: { readonlyRootfs: true } },
  {
    name: "the pod's seccomp profile",
    shared: { seccompProfile: { type: "RuntimeDefault" } },
    want: { seccomp: { profileType: "RuntimeDefault" } },
  },
  {
    name: "the container's seccomp profile over the pod's",
    shared: { seccompProfile: { type: "RuntimeDefault" } },
    own: { seccompProfile: { type: "Unconfined" } },
    want: {},
  },
  {
    name: "a seccomp profile of the machine",
    own: { seccompProfile: { type: "Localhost", localhostProfile: "audit.json" } },
    want: { seccomp: { profileType: "Localhost", localhostRef: "/seccomp/audit.json" } },
  },
  { name: "the image's user by number", imageUser: { uid: 7, username: "" }, want: { runAsUser: { value: 7 } } },
  {
    name: "the image's user by name",
    imageUser: { uid: undefined, username: "www" },
    want: { runAsUser: undefined, runAsUsername: "www" },
  },
  {
    name: "a group alone goes with the image's user",
    own: { runAsGroup: 3 },
    imageUser: { uid: undefined, username: "www" },
    want: { runAsUser: undefined, runAsUsername: "www", runAsGroup: { value: 3 } },
  },
  {
    name: "the container's user over the pod's and the image's",
    shared: { runAsUser: 5, runAsGroup: 6 },
    own: { runAsUser: 0 },
    imageUser: { uid: 7, username: "" },
    want: { runAsUser: { value: 0 }, runAsGroup: { value: 6 } },
  },
  {
    name: "further groups",
    shared: { fsGroup: 9, supplementalGroups: [4, 5] },
    want: { supplementalGroups: [9, 4, 5] },
  },
  {
    name: "an SELinux context",
    shared: { seLinuxOptions: { level: "s0" } },
    want: { selinuxOptions: { user: "", role: "", type: "", level: "s0" } },
  },
];

for (const { name, shared = {}, own = {}, imageUser = root, want } of rows) {
  test(`containerSecurityContext: ${name}`, () => {
    const pod = testPod({ securityContext: shared });
    const container = { securityContext: own } as Pod["spec"]["containers"][number];
    const surroundings = { seccompFolder: "/seccomp", thermalThrottlePaths: THROTTLE, imageUser };
    const expected = Object.fromEntries(
      Object.entries({ ...DEFAULTS, ...want }).filter(([, value]) => value !== undefined),
    );
    assert.deepEqual(containerSecurityContext(pod, container, surroundings), expected);
  });
}

test("containerSecurityContext: an ephemeral container joins its target only where each container has its own processes", () => {
  const pidOf = (spec: Draft<Pod["spec"]>) =>
    containerSecurityContext(
      testPod(spec),
      {},
      {
        seccompFolder: "",
        thermalThrottlePaths: [],
        imageUser: root,
        targetId: "c1",
      },
    ).namespaceOptions;
  assert.deepEqual(pidOf({}), { network: "POD", pid: "TARGET", ipc: "POD", targetId: "c1" });
  assert.deepEqual(pidOf({ hostPID: true }), { network: "POD", pid: "NODE", ipc: "POD" });
  assert.deepEqual(pidOf({ shareProcessNamespace: true }), { network: "POD", pid: "POD", ipc: "POD" });
});

test("sandboxSecurityContext: always the runtime's seccomp profile, whatever the containers run with", () => {
  const context = sandboxSecurityContext(
    testPod({ securityContext: { seccompProfile: { type: "Unconfined" }, runAsUser: 5, runAsGroup: 6, fsGroup: 9 } }),
  );
  assert.deepEqual(context, {
    namespaceOptions: { network: "POD", pid: "CONTAINER", ipc: "POD" },
    runAsUser: { value: 5 },
    runAsGroup: { value: 6 },
    supplementalGroups: [9],
    privileged: false,
    seccomp: { profileType: "RuntimeDefault" },
  });
});

test("sandboxSecurityContext: privileged with one privileged container of any kind", () => {
  const containers = [{ name: "app" }];
  const initContainers = [{ name: "init", securityContext: { privileged: true } }];
  assert.equal(sandboxSecurityContext(testPod({ containers })).privileged, false);
  assert.equal(sandboxSecurityContext(testPod({ containers, initContainers })).privileged, true);
});
