/** Owners and modes of volumes and of the files in them, as a container sees them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Pod } from "../../src/api/core/v1/pod/pod.ts";
import type { Draft } from "../../src/api/schema.ts";
import type { KubeletOnContainerd } from "./kubelet-on-containerd.testing.ts";
import { startKubeletOnContainerd } from "./kubelet-on-containerd.testing.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

const pods: { name: string; securityContext: Draft<Pod["spec"]["securityContext"]>; want: readonly string[] }[] = [
  {
    name: "none",
    securityContext: {},
    want: ["777 0:0 /disk", "1777 0:0 /memory", `1777 0:0 ${ACCOUNT}`, `644 0:0 ${ACCOUNT}/token`],
  },
  {
    name: "user",
    securityContext: { runAsUser: 1000 },
    want: ["777 0:0 /disk", "1777 0:0 /memory", `1777 0:0 ${ACCOUNT}`, `600 1000:0 ${ACCOUNT}/token`],
  },
  {
    name: "group",
    securityContext: { fsGroup: 10_000 },
    want: ["2777 0:10000 /disk", "3777 0:10000 /memory", `3777 0:10000 ${ACCOUNT}`, `640 0:10000 ${ACCOUNT}/token`],
  },
  {
    name: "both",
    securityContext: { runAsUser: 1000, fsGroup: 10_000 },
    want: ["2777 0:10000 /disk", "3777 0:10000 /memory", `3777 0:10000 ${ACCOUNT}`, `640 1000:10000 ${ACCOUNT}/token`],
  },
];

if (insideOwnNamespaces(import.meta.filename)) {
  let node: KubeletOnContainerd;

  before(async () => {
    node = await startKubeletOnContainerd();
  });

  after(() => node[Symbol.asyncDispose]());

  for (const { name, securityContext, want } of pods) {
    test(`volumes of a pod with ${JSON.stringify(securityContext)}`, async () => {
      const script = `stat -L -c "%a %u:%g %n" /disk /memory ${ACCOUNT} ${ACCOUNT}/token`;
      await node.create(name, {
        securityContext,
        volumes: [
          { name: "disk", emptyDir: {} },
          { name: "memory", emptyDir: { medium: "Memory" } },
        ],
        containers: [
          node.shell("app", script, {
            volumeMounts: [
              { name: "disk", mountPath: "/disk" },
              { name: "memory", mountPath: "/memory" },
            ],
          }),
        ],
      });
      assert.deepEqual((await node.outputOf(name, "app")).trim().split("\n"), want);
    });
  }
}
