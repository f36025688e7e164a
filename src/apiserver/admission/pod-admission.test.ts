import assert from "node:assert/strict";
import { test } from "node:test";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { ServiceAccount } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { admissionRequest, admittedPod, lookupOf, podOf } from "./admission-request.testing.ts";
import { defaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { priority } from "./priority.ts";
import { serviceAccountAdmission } from "./service-account.ts";

const mount = {
  name: "kube-api-access-abcde",
  readOnly: true,
  mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
};
const volume = {
  name: "kube-api-access-abcde",
  projected: {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
        },
      },
    ],
  },
};
const named = (name: string) => ({ serviceAccountName: name, serviceAccount: name });

const accounts: { name: string; spec: object; metadata?: object; want: object | string }[] = [
  {
    name: "a pod without an account gets the default one, and its credentials",
    spec: {},
    want: { ...named("default"), containers: [{ name: "c", volumeMounts: [mount] }], volumes: [volume] },
  },
  {
    name: "init containers get the credentials too",
    spec: { initContainers: [{ name: "i" }] },
    want: {
      ...named("default"),
      initContainers: [{ name: "i", volumeMounts: [mount] }],
      containers: [{ name: "c", volumeMounts: [mount] }],
      volumes: [volume],
    },
  },
  {
    name: "a container with something else in that place keeps it",
    spec: { containers: [{ name: "c", volumeMounts: [{ name: "mine", mountPath: mount.mountPath }] }] },
    want: {
      ...named("default"),
      containers: [{ name: "c", volumeMounts: [{ name: "mine", mountPath: mount.mountPath }] }],
    },
  },
  {
    name: "a pod that wants no credentials gets none",
    spec: { automountServiceAccountToken: false },
    want: { ...named("default"), automountServiceAccountToken: false, containers: [{ name: "c" }] },
  },
  {
    name: "an account that gives no credentials",
    spec: { serviceAccountName: "quiet" },
    want: { ...named("quiet"), containers: [{ name: "c" }], imagePullSecrets: [{ name: "pull" }] },
  },
  {
    name: "the pod's own image pull secrets stay",
    spec: { serviceAccountName: "quiet", imagePullSecrets: [{ name: "mine" }] },
    want: { ...named("quiet"), containers: [{ name: "c" }], imagePullSecrets: [{ name: "mine" }] },
  },
  {
    name: "an account that does not exist",
    spec: { serviceAccountName: "ghost" },
    want: 'pods "p" is forbidden: error looking up service account shop/ghost: serviceaccount "ghost" not found',
  },
  {
    name: "an account that limits Secrets",
    spec: { serviceAccountName: "strict", volumes: [{ name: "v", secret: { secretName: "other" } }] },
    want: 'pods "p" is forbidden: volume with secret.secretName="other" is not allowed because service account strict does not reference that secret',
  },
  ...(["containers", "initContainers"] as const).map((list) => ({
    name: `an account that limits Secrets, and ${list} that take all variables from another`,
    spec: { serviceAccountName: "strict", [list]: [{ name: "c", envFrom: [{ secretRef: { name: "other" } }] }] },
    want: `pods "p" is forbidden: ${list === "containers" ? "" : "init "}container c with envFrom referencing secret.secretName="other" is not allowed because service account strict does not reference that secret`,
  })),
  {
    name: "a mirror pod may not have an account",
    spec: { serviceAccountName: "default" },
    metadata: { annotations: { "kubernetes.io/config.mirror": "x" } },
    want: 'pods "p" is forbidden: a mirror pod may not reference service accounts',
  },
];

for (const { name, spec, metadata, want } of accounts) {
  test(`ServiceAccount: ${name}`, async () => {
    const plugin = serviceAccountAdmission({
      serviceAccounts: lookupOf({
        "shop/default": account("default"),
        "shop/quiet": {
          ...account("quiet"),
          automountServiceAccountToken: false,
          imagePullSecrets: [{ name: "pull" }],
        },
        "shop/strict": account("strict", { "kubernetes.io/enforce-mountable-secrets": "true" }),
      }),
      clock: { now: () => 0, monotonicMs: () => 0, sleep: async () => {} },
      generateName: (base) => `${base}abcde`,
    });
    assert.deepEqual(await admittedPod(plugin, spec, metadata), want);
  });
}

test("ServiceAccount: a pod of a new namespace waits for the default account", async () => {
  const objects: Record<string, ServiceAccount> = {};
  let now = 0;
  const plugin = serviceAccountAdmission({
    serviceAccounts: lookupOf(objects),
    clock: {
      now: () => now,
      monotonicMs: () => now,
      async sleep(durationMs) {
        now += durationMs;
        if (now >= 100) objects["shop/default"] = account("default");
      },
    },
    generateName: (base) => base,
  });
  const spec = await admittedPod(plugin, {});
  assert.equal(typeof spec === "string" ? spec : spec.serviceAccountName, "default");
});

const notReady = {
  key: "node.kubernetes.io/not-ready",
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
};
const unreachable = { ...notReady, key: "node.kubernetes.io/unreachable" };
const tolerations: { name: string; given: object[] | undefined; want: object[] }[] = [
  { name: "none get both", given: undefined, want: [notReady, unreachable] },
  {
    name: "others stay",
    given: [{ key: "x", operator: "Exists" }],
    want: [{ key: "x", operator: "Exists" }, notReady, unreachable],
  },
  {
    name: "one's own counts",
    given: [{ ...notReady, tolerationSeconds: 5 }],
    want: [{ ...notReady, tolerationSeconds: 5 }, unreachable],
  },
  {
    name: "another effect does not",
    given: [{ ...notReady, effect: "NoSchedule" }],
    want: [{ ...notReady, effect: "NoSchedule" }, notReady, unreachable],
  },
  { name: "tolerating everything is enough", given: [{ operator: "Exists" }], want: [{ operator: "Exists" }] },
];

for (const { name, given, want } of tolerations) {
  test(`DefaultTolerationSeconds: ${name}`, async () => {
    const spec = await admittedPod(defaultTolerationSeconds, given === undefined ? {} : { tolerations: given });
    assert.deepEqual(typeof spec === "string" ? spec : spec.tolerations, want);
  });
}

const priorities: { name: string; spec: object; want: string }[] = [
  { name: "no class", spec: {}, want: "0 PreemptLowerPriority" },
  {
    name: "a system class",
    spec: { priorityClassName: "system-node-critical" },
    want: "2000001000 PreemptLowerPriority",
  },
  {
    name: "an unknown class",
    spec: { priorityClassName: "gold" },
    want: 'pods "p" is forbidden: no PriorityClass with name gold was found',
  },
  {
    name: "a class with the name of a built-in property",
    spec: { priorityClassName: "constructor" },
    want: 'pods "p" is forbidden: no PriorityClass with name constructor was found',
  },
  {
    name: "a number that is not the class's",
    spec: { priority: 7 },
    want: 'pods "p" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
  },
];

for (const { name, spec, want } of priorities) {
  test(`Priority: ${name}`, async () => {
    const result = await admittedPod(priority, spec);
    assert.equal(typeof result === "string" ? result : `${result.priority} ${result.preemptionPolicy}`, want);
  });
}

test("Priority: a client that leaves the number out of an update does not lose it", async () => {
  const previous = podOf({ priority: 7, preemptionPolicy: "Never" });
  const updated = await priority.admit?.(admissionRequest({ kind: podKind, object: podOf(), previous }));
  assert.deepEqual(updated, podOf({ priority: 7, preemptionPolicy: "Never" }));
});

function account(name: string, annotations: Record<string, string> = {}): ServiceAccount {
  const metadata = { name, namespace: "shop", uid: "", resourceVersion: "", creationTimestamp: "", annotations };
  return { apiVersion: "v1", kind: "ServiceAccount", metadata };
}
