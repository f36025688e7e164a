import { randomBytes } from "node:crypto";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Clock } from "@fairlead/lib/clock";
import type {
  ContainerConfig,
  ImageInfo,
  PodRuntime,
  RuntimeContainer,
  Sandbox,
  SandboxConfig,
} from "../pod-runtime.ts";
import { RuntimeError } from "../runtime-error.ts";
import type { SimulatedAddresses } from "./simulated-addresses.ts";
import { simulatedAddresses } from "./simulated-addresses.ts";

/** How the simulated pods behave. */
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

/** When a simulated container ends by itself, and how. */
export interface SimulatedExit {
  readonly afterMs: number;
  readonly exitCode: number;
}

/** What the runtime pretends to have. */
interface World {
  readonly options: SimulatedRuntimeOptions;
  readonly sandboxes: Map<string, { sandbox: Sandbox; readonly pod: Pod }>;
  readonly containers: Map<string, RuntimeContainer>;
  readonly addresses: SimulatedAddresses;
  readonly closed: AbortSignal;
  notify(podUid: string): void;
}

/**
 * Runs pods that exist only in the API: containers "start" at once and do nothing. For tests of everything that is not
 * about containers, and for thousands of nodes on one machine. There is nothing to run a command in: exec, attach and
 * port-forward are refused by name; probes that run commands succeed.
 */
export function createSimulatedRuntime(options: SimulatedRuntimeOptions): PodRuntime {
  const listeners = new Set<(podUid: string) => void>();
  const closing = new AbortController();
  const world: World = {
    options,
    sandboxes: new Map(),
    containers: new Map(),
    addresses: simulatedAddresses(options.podCIDR),
    closed: closing.signal,
    notify: (podUid) => {
      for (const listener of listeners) listener(podUid);
    },
  };
  return {
    version: async () => ({ runtimeName: "simulated", runtimeVersion: "1" }),
    status: async () => ({ ready: true, networkReady: true, reason: "", message: "" }),
    ...sandboxes(world),
    ...containers(world),
    ...images(),
    execSync: async () => ({ exitCode: 0, stdout: new Uint8Array(), stderr: new Uint8Array() }),
    execUrl: async () => refused("exec"),
    attachUrl: async () => refused("attach"),
    portForwardUrl: async () => refused("port-forward"),

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async [Symbol.asyncDispose]() {
      closing.abort();
      listeners.clear();
    },
  };
}

function sandboxes(world: World) {
  const { options, sandboxes: known, containers: inThem, addresses } = world;
  const { clock, sandboxDelayMs = 0 } = options;
  return {
    listSandboxes: async () => [...known.values()].map(({ sandbox }) => ({ ...sandbox, ips: [] })),

    async runSandbox({ pod, attempt }: SandboxConfig) {
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
      known.set(id, { sandbox, pod });
      return id;
    },

    sandboxStatus: async (id: string) => found(known, id).sandbox,

    async stopSandbox(id: string) {
      const entry = known.get(id);
      if (entry === undefined) return;
      for (const container of inThem.values()) if (container.sandboxId === id) end(world, container.id, 137);
      entry.sandbox = { ...entry.sandbox, ready: false };
      addresses.giveBack(id);
      world.notify(entry.sandbox.podUid);
    },

    async removeSandbox(id: string) {
      for (const container of inThem.values()) if (container.sandboxId === id) inThem.delete(container.id);
      known.delete(id);
      addresses.giveBack(id);
    },
  };
}

function containers(world: World) {
  const { options, sandboxes: inWhich, containers: known, closed } = world;
  const { clock, startDelayMs = 0, exits = () => undefined } = options;
  return {
    listContainers: async () => [...known.values()],
    containerStatus: async (id: string) => found(known, id),

    async createContainer(sandboxId: string, config: ContainerConfig, { pod }: SandboxConfig) {
      found(inWhich, sandboxId);
      const id = newId();
      const { name, attempt, image, imageRef, annotations } = config;
      known.set(id, {
        ...{ id, sandboxId, podUid: pod.metadata.uid, name, attempt, image, imageRef, annotations },
        ...{ state: "created", createdAt: clock.now(), startedAt: 0, finishedAt: 0 },
        ...{ exitCode: 0, reason: "", message: "", logPath: "", labels: {} },
      });
      return id;
    },

    async startContainer(id: string) {
      if (startDelayMs > 0) await clock.sleep(startDelayMs);
      const container = found(known, id);
      known.set(id, { ...container, state: "running", startedAt: clock.now() });
      const exit = exits(found(inWhich, container.sandboxId).pod, container.name, container.attempt);
      if (exit === undefined) return;
      clock.sleep(exit.afterMs, closed).then(
        () => end(world, id, exit.exitCode),
        () => {},
      );
    },

    stopContainer: async (id: string) => end(world, id, 0),
    removeContainer: async (id: string) => void known.delete(id),
    updateContainer: async (id: string) => void found(known, id),
    async memoryUsage(id: string) {
      found(known, id);
      return 0;
    },
    reopenContainerLog: async () => {},
  };
}

function images(): Pick<PodRuntime, "imageStatus" | "listImages" | "pullImage" | "removeImage"> {
  const known = new Map<string, ImageInfo>();
  return {
    imageStatus: async (image) => known.get(image),
    listImages: async () => [...known.values()],
    async pullImage(image) {
      const info = { id: `simulated:${image}`, tags: [image], digests: [], sizeBytes: 0, uid: 0, username: "" };
      known.set(image, info);
      return info.id;
    },
    removeImage: async (image) => void known.delete(image),
  };
}

function end({ options, containers: known, notify }: World, id: string, exitCode: number): void {
  const container = known.get(id);
  if (container?.state !== "running") return;
  const reason = exitCode === 0 ? "Completed" : "Error";
  known.set(id, { ...container, state: "exited", exitCode, reason, finishedAt: options.clock.now() });
  notify(container.podUid);
}

function found<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id);
  if (value === undefined) throw new RuntimeError("NotFound", `${id} is not here`);
  return value;
}

function newId(): string {
  return randomBytes(32).toString("hex");
}

function refused(what: string): never {
  throw new RuntimeError("Failed", `${what} is not possible: the pod is simulated`);
}
