import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { type Pod, podKind } from "../../src/api/core/v1/pod/pod.ts";
import { startTestApiServer } from "../../src/apiserver/testing/start-test-server.testing.ts";
import { TOOLS_IMAGE } from "../../src/images/local-images.ts";
import { removeCgroup } from "../../src/kubelet/pods/pod-cgroup.ts";
import { createCriRuntime } from "../../src/kubelet/runtime/cri/cri-runtime.ts";
import type { PodRuntime } from "../../src/kubelet/runtime/pod-runtime.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { kubectls, testKubectlStreams } from "../streaming/kubectl-streams.testing.ts";
import { type StreamingCluster, startStreamingCluster } from "../streaming/streaming-cluster.testing.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";
import { type PrivateContainerd, startPrivateContainerd } from "./private-containerd.testing.ts";

if (insideOwnNamespaces(import.meta.filename)) {
  let folder: string;
  let containerd: PrivateContainerd;
  let runtime: PodRuntime;
  let sandboxId: string;
  let cluster: StreamingCluster;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "streams-"));
    containerd = await startPrivateContainerd(folder, "10.244.7.0/24");
    runtime = createCriRuntime({
      socketPath: containerd.socketPath,
      machine: { memoryBytes: 1e9, oomScoreAdjLowest: 0, seccompFolder: folder, thermalThrottlePaths: [] },
      clock: systemClock,
      log: silentLogger,
    });
    const started = await startTicker(runtime, folder);
    sandboxId = started.sandboxId;
    cluster = await startStreamingCluster({ runtime, ...started });
  });

  after(async () => {
    await cluster?.[Symbol.asyncDispose]();
    if (sandboxId !== undefined) {
      await runtime.stopSandbox(sandboxId);
      await runtime.removeSandbox(sandboxId);
    }
    await runtime?.[Symbol.asyncDispose]();
    await containerd?.[Symbol.asyncDispose]();
    await removeCgroup(`/${path.basename(folder)}`);
    await rm(folder, { recursive: true, force: true });
  });

  testKubectlStreams({
    cluster: () => cluster,
    terminalSize: (printed) => /(\d+ \d+)\r?$/m.exec(printed)?.[1] ?? printed,
  });

  for (const { kubectl, over, env } of kubectls) {
    test(`${kubectl} over ${over}: attach shows what the process prints`, { timeout: 240_000 }, async () => {
      const child = spawn(kubectl, ["attach", "web"], {
        env: { PATH: process.env.PATH, HOME: cluster.home, KUBECONFIG: cluster.kubeconfig, ...env },
      });
      child.stderr.resume();
      const [printed] = await once(child.stdout, "data");
      child.kill();
      assert.match(String(printed), /^tick$/m);
    });
  }
}

/** Starts a pod on the lab's own network whose container prints a line five times a second. */
async function startTicker(runtime: PodRuntime, folder: string) {
  const pod = await tickerPod();
  const logDirectory = path.join(folder, "logs");
  await mkdir(path.join(logDirectory, "main"), { recursive: true });
  const sandbox = { pod, attempt: 0, hostname: "web", logDirectory, cgroupParent: `/${path.basename(folder)}` };
  const sandboxId = await runtime.runSandbox(sandbox);
  const image = await runtime.imageStatus(TOOLS_IMAGE);
  const containerId = await runtime.createContainer(
    sandboxId,
    {
      name: "main",
      attempt: 0,
      image: TOOLS_IMAGE,
      imageRef: image?.id ?? TOOLS_IMAGE,
      imageUser: { uid: 0, username: "" },
      command: ["sh", "-c", "while true; do echo tick; sleep 0.2; done"],
      args: [],
      workingDir: "/",
      env: [{ name: "PATH", value: "/usr/bin:/bin:/usr/sbin:/sbin" }],
      mounts: [{ hostPath: "/tmp", containerPath: "/tmp", readonly: false, propagation: "None" }],
      logPath: "main/0.log",
      stdin: false,
      stdinOnce: false,
      tty: false,
      annotations: {},
    },
    sandbox,
  );
  await runtime.startContainer(containerId);
  return { sandboxId, containerId };
}

/** With all defaults, as an API server gives it. */
async function tickerPod(): Promise<Pod> {
  await using api = await startTestApiServer();
  return await api.client().create(podKind, {
    metadata: { namespace: "default", name: "web" },
    spec: { hostNetwork: true, containers: [{ name: "main", image: TOOLS_IMAGE }] },
  });
}
