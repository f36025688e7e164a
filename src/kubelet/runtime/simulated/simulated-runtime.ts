import { randomBytes } from "node:crypto";
import type { Pod } from "../../../api/core/v1/pod/pod.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { ImageInfo, PodRuntime, RuntimeContainer, Sandbox } from "../pod-runtime.ts";
import { RuntimeError } from "../runtime-error.ts";
import { simulatedAddresses } from "./simulated-addresses.ts";

export interface SimulatedRuntimeOptions {
  readonly clock: Clock;
  /** Where pods' addresses are taken from: `10.244.7.0/24`. Nothing answers there. */
  readonly podCIDR: string;
  /** How long a sandbox takes to be made, in milliseconds. Default 0. */
  readonly sandboxDelayMs?: number;
  /** How long a container takes to start, in milliseconds. Default 0. */
  readonly startDelayMs?: number;
  /** Makes a container end by itself after `afterMs`. Default: they run until they are stopped. */
  readonly exits?: (pod: Pod, containerName: string, attempt: number) => SimulatedExit | undefined;
}

export interface SimulatedExit {
  readonly afterMs: number;
  readonly exitCode: number;
}

interface Simulated {
  sandbox: Sandbox;
  readonly pod: Pod;
}

/**
 * Runs pods that exist only in the API: containers "start" at once and do nothing. For tests of everything that is not
 * about containers, and for thousands of nodes on one machine. There is nothing to run a command in: exec, attach and
 * port-forward are refused by name; probes that run commands succeed.
 */
export function createSimulatedRuntime(options: SimulatedRuntimeOptions): PodRuntime {
  const { clock, podCIDR, sandboxDelayMs = 0, startDelayMs = 0, exits = () => undefined } = options;
  const sandboxes = new Map<string, Simulated>();
  const containers = new Map<string, RuntimeContainer>();
  const images = new Map<string, ImageInfo>();
  const listeners = new Set<(podUid: string) => void>();
  const addresses = simulatedAddresses(podCIDR);
  const closed = new AbortController();

  const tell = (podUid: string) => {
    for (const listener of listeners) listener(podUid);
  };

  function known<T>(map: ReadonlyMap<string, T>, id: string): T {
    const found = map.get(id);
    if (found === undefined) throw new RuntimeError("NotFound", `${id} is not here`);
    return found;
  }

  function end(id: string, exitCode: number): void {
    const container = containers.get(id);
    if (container?.state !== "running") return;
    const reason = exitCode === 0 ? "Completed" : "Error";
    containers.set(id, { ...container, state: "exited", exitCode, reason, finishedAt: clock.now() });
    tell(container.podUid);
  }

  return {
    version: async () => ({ runtimeName: "simulated", runtimeVersion: "1" }),
    status: async () => ({ ready: true, networkReady: true, reason: "", message: "" }),
    listSandboxes: async () => [...sandboxes.values()].map(({ sandbox }) => ({ ...sandbox, ips: [] })),
    listContainers: async () => [...containers.values()],
    containerStatus: async (id) => known(containers, id),

    async runSandbox({ pod, attempt }) {
      if (sandboxDelayMs > 0) await clock.sleep(sandboxDelayMs);
      const { name, namespace = "", uid } = pod.metadata;
      const id = newId();
      const ips = pod.spec.hostNetwork === true ? [] : [addresses.take(id)];
      const identity = { podName: name, podNamespace: namespace, podUid: uid };
      const sandbox = {
        id,
        ...identity,
        attempt,
        ready: true,
        createdAt: clock.now(),
        ips,
        annotations: {},
        labels: {},
      };
      sandboxes.set(id, { sandbox, pod });
      return id;
    },

    sandboxStatus: async (id) => known(sandboxes, id).sandbox,

    async stopSandbox(id) {
      const entry = sandboxes.get(id);
      if (entry === undefined) return;
      for (const container of containers.values()) if (container.sandboxId === id) end(container.id, 137);
      entry.sandbox = { ...entry.sandbox, ready: false };
      addresses.giveBack(id);
      tell(entry.sandbox.podUid);
    },

    async removeSandbox(id) {
      for (const container of containers.values()) if (container.sandboxId === id) containers.delete(container.id);
      sandboxes.delete(id);
      addresses.giveBack(id);
    },

    async createContainer(sandboxId, config, { pod }) {
      known(sandboxes, sandboxId);
      const id = newId();
      containers.set(id, {
        id,
        sandboxId,
        podUid: pod.metadata.uid,
        name: config.name,
        attempt: config.attempt,
        state: "created",
        createdAt: clock.now(),
        startedAt: 0,
        finishedAt: 0,
        exitCode: 0,
        reason: "",
        message: "",
        image: config.image,
        imageRef: config.imageRef,
        logPath: "",
        annotations: config.annotations,
        labels: {},
      });
      return id;
    },

    async startContainer(id) {
      if (startDelayMs > 0) await clock.sleep(startDelayMs);
      const container = known(containers, id);
      containers.set(id, { ...container, state: "running", startedAt: clock.now() });
      const exit = exits(known(sandboxes, container.sandboxId).pod, container.name, container.attempt);
      if (exit === undefined) return;
      clock.sleep(exit.afterMs, closed.signal).then(
        () => end(id, exit.exitCode),
        () => {},
      );
    },

    stopContainer: async (id) => end(id, 0),
    removeContainer: async (id) => void containers.delete(id),
    reopenContainerLog: async () => {},
    execSync: async () => ({ exitCode: 0, stdout: new Uint8Array(), stderr: new Uint8Array() }),
    execUrl: async () => refused("exec"),
    attachUrl: async () => refused("attach"),
    portForwardUrl: async () => refused("port-forward"),

    imageStatus: async (image) => images.get(image),
    listImages: async () => [...images.values()],
    async pullImage(image) {
      const info = { id: `simulated:${image}`, tags: [image], digests: [], sizeBytes: 0, uid: 0, username: "" };
      images.set(image, info);
      return info.id;
    },
    removeImage: async (image) => void images.delete(image),

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async [Symbol.asyncDispose]() {
      closed.abort();
      listeners.clear();
    },
  };
}

function newId(): string {
  return randomBytes(32).toString("hex");
}

function refused(what: string): never {
  throw new RuntimeError("Failed", `${what} is not possible: the pod is simulated`);
}
