import { setTimeout as sleep } from "node:timers/promises";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import type { Draft } from "@fairlead/api/schema";
import { userNamed } from "@fairlead/apiserver/authz/attributes.testing";
import { startPolicyServer } from "@fairlead/apiserver/testing/start-policy-server.testing";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import type { SimulatedRuntimeOptions } from "../runtime/simulated/simulated-runtime.ts";
import { createSimulatedRuntime } from "../runtime/simulated/simulated-runtime.ts";
import { startKubelet } from "../start-kubelet.ts";

/** What a world is made with. */
export interface KubeletWorldOptions extends Partial<SimulatedRuntimeOptions> {
  /** Folder for what is written for pods; nothing is without one. */
  readonly files?: string;
  /** Stands between the kubelet and the API server. */
  readonly clientThrough?: (client: Client) => Client;
  /** Stands between the kubelet and the runtime. */
  readonly runtimeThrough?: (runtime: PodRuntime) => PodRuntime;
}

/** The machine's clock, until it is set forward. */
export function clockToSet(): Clock & { skip(durationMs: number): void } {
  let skippedMs = 0;
  return {
    now: () => systemClock.now() + skippedMs,
    monotonicMs: () => systemClock.monotonicMs() + skippedMs,
    sleep: systemClock.sleep,
    skip: (durationMs) => {
      skippedMs += durationMs;
    },
  };
}

/** An API server, and the kubelet of `node-1` with a runtime that only pretends. */
export async function startKubeletWorld(options: KubeletWorldOptions = {}) {
  const {
    files,
    clientThrough = (client) => client,
    runtimeThrough = (runtime) => runtime,
    clock = systemClock,
  } = options;
  const api = await startPolicyServer();
  const client: Client = api.client();
  await client.create(serviceAccountKind, { metadata: { name: "default", namespace: "default" } });
  const runtime = createSimulatedRuntime({ podCIDR: "10.244.7.0/24", ...options, clock });
  const start = () =>
    startKubelet({
      client: clientThrough(api.client(userNamed("system:node:node-1", "system:nodes"))),
      runtime: runtimeThrough(runtime),
      nodeName: "node-1",
      nodeIPs: ["192.0.2.7"],
      rootDir: files === undefined ? "/nonexistent" : `${files}/kubelet`,
      podLogsDir: files === undefined ? "/nonexistent" : `${files}/logs`,
      clusterDNS: ["10.96.0.10"],
      kubeletVersion: "v1.35.0",
      simulated: files === undefined,
      log: silentLogger,
      clock,
    });
  let kubelet = await start();

  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = await look().catch(() => undefined);
      if (found !== undefined) return found;
      if (Date.now() > deadline) {
        const { items } = await client.list(podKind, { namespace: "default" });
        throw new Error(`timed out waiting for ${what}: ${JSON.stringify(items.map((p) => p.status))}`);
      }
      await sleep(10);
    }
  }
  return {
    client,
    runtime,
    until,
    create: (spec: Draft<Pod["spec"]>) =>
      client.create(podKind, {
        metadata: { name: "pod", namespace: "default" },
        spec: { nodeName: "node-1", ...spec },
      }),
    untilPod: (accept: (pod: Pod) => boolean) =>
      until("pod", async () => {
        const pod = await client.get(podKind, { namespace: "default", name: "pod" });
        return accept(pod) ? pod : undefined;
      }),
    async restartKubelet() {
      await kubelet.stop();
      kubelet = await start();
    },
    async [Symbol.asyncDispose]() {
      await kubelet.stop();
      await runtime[Symbol.asyncDispose]();
      await api.stop();
    },
  };
}
