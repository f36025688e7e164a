import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { configMapKind } from "../../src/api/core/v1/configmap/configmap.ts";
import type { Pod } from "../../src/api/core/v1/pod/pod.ts";
import { podKind } from "../../src/api/core/v1/pod/pod.ts";
import { serviceAccountKind } from "../../src/api/core/v1/serviceaccount/serviceaccount.ts";
import type { Draft } from "../../src/api/schema.ts";
import { userNamed } from "../../src/apiserver/authz/attributes.testing.ts";
import { startPolicyServer } from "../../src/apiserver/testing/start-policy-server.testing.ts";
import type { Client } from "../../src/client/client.ts";
import { removeCgroup } from "../../src/kubelet/pods/pod-cgroup.ts";
import { createCriRuntime } from "../../src/kubelet/runtime/cri/cri-runtime.ts";
import { readCriMachine } from "../../src/kubelet/runtime/cri/read-machine.ts";
import { startKubelet } from "../../src/kubelet/start-kubelet.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { startPrivateContainerd } from "./private-containerd.testing.ts";

type ContainerDraft = Draft<Pod["spec"]["containers"][number]>;

/** How long a pod may take, in milliseconds: several times what it takes on a busy machine. */
const PATIENCE_MS = 60_000;

/** A kubelet on a real containerd, and the API server in this process. */
export interface KubeletOnContainerd extends AsyncDisposable {
  readonly client: Client;
  /** Folder of the kubelet's files of a pod. */
  podFolder(pod: Pod): string;
  /** A container of the tools image that runs a shell script. */
  shell(name: string, script: string, more?: ContainerDraft): ContainerDraft;
  create(name: string, spec: Draft<Pod["spec"]>): Promise<Pod>;
  /** Waits until the pod is as `accept` wants it. */
  untilPod(name: string, accept: (pod: Pod) => boolean): Promise<Pod>;
  /** Waits until a container has ended with code 0. Returns its output. */
  outputOf(name: string, container: string): Promise<string>;
}

/** Starts one with everything of its own in one folder. The calling process must be root in its own namespaces. */
export async function startKubeletOnContainerd(): Promise<KubeletOnContainerd> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "fairlead-lab-"));
  const cgroupParent = `/${path.basename(folder)}`;
  const containerd = await startPrivateContainerd(folder, "10.244.7.0/24");
  const api = await startPolicyServer();
  const client = api.client();
  const namespace = "default";
  await client.create(serviceAccountKind, { metadata: { name: "default", namespace } });
  await client.create(configMapKind, { metadata: { name: "kube-root-ca.crt", namespace }, data: { "ca.crt": "ca" } });
  const shared = { clock: systemClock, log: silentLogger };
  const machine = await readCriMachine(folder);
  const runtime = createCriRuntime({ ...shared, socketPath: containerd.socketPath, machine });
  const kubelet = await startKubelet({
    ...shared,
    client: api.client(userNamed("system:node:node-1", "system:nodes")),
    runtime,
    nodeName: "node-1",
    nodeIPs: ["192.0.2.7"],
    rootDir: path.join(folder, "kubelet"),
    podLogsDir: path.join(folder, "logs"),
    clusterDNS: ["10.96.0.10"],
    cgroupParent,
    kubeletVersion: "v1.35.0",
  });

  const untilPod = async (name: string, accept: (pod: Pod) => boolean) => {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const pod = await client.get(podKind, { namespace, name });
      if (accept(pod)) return pod;
      if (Date.now() > deadline) throw new Error(`Timed out waiting for pod ${name}: ${JSON.stringify(pod.status)}`);
      await sleep(20);
    }
  };

  return {
    client,
    podFolder: (pod) => path.join(folder, "kubelet/pods", pod.metadata.uid),
    shell: (name, script, more = {}) => ({
      name,
      image: containerd.toolsImage,
      args: ["sh", "-c", script],
      ...more,
    }),
    create: (name, spec) =>
      client.create(podKind, {
        metadata: { name, namespace },
        spec: { nodeName: "node-1", restartPolicy: "Never", terminationGracePeriodSeconds: 1, ...spec },
      }),
    untilPod,
    async outputOf(name, container) {
      const pod = await untilPod(name, (p) => terminated(p, container) !== undefined);
      const file = kubelet.pods.logPath(pod, container, false) ?? "";
      const text = (await readFile(file, "utf8")).split("\n").map((line) => line.split(" ").slice(3).join(" "));
      if (terminated(pod, container)?.exitCode !== 0) throw new Error(`${container} failed: ${text.join("\n")}`);
      return text.join("\n");
    },
    async [Symbol.asyncDispose]() {
      const { items } = await client.list(podKind, { namespace });
      for (const { metadata } of items) await client.delete(podKind, { namespace, name: metadata.name });
      while ((await readdir(path.join(folder, "kubelet/pods"))).length > 0) await sleep(20);
      await kubelet.stop();
      await runtime[Symbol.asyncDispose]();
      await api.stop();
      await containerd[Symbol.asyncDispose]();
      await removeCgroup(cgroupParent);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function terminated({ status }: Pod, container: string) {
  const { containerStatuses = [], initContainerStatuses = [] } = status;
  return [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === container)?.state?.terminated;
}
