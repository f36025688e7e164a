import { mkdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import type { Node, NodeStatus, Taint } from "@fairlead/api/core/v1/node/node";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { secretKind } from "@fairlead/api/core/v1/secret/secret";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { nodeReference } from "./events/references.ts";
import { imageAccesses } from "./images/image-accesses.ts";
import { createNodePulls } from "./images/node-pulls.ts";
import { startLogRotation } from "./logs/log-rotation.ts";
import { parseResolvConf } from "./network-files/pod-dns.ts";
import { askRuntime } from "./node/ask-runtime.ts";
import { readListeningSockets } from "./node/listening-sockets.ts";
import { readMachine, readRoom } from "./node/machine.ts";
import { nodeLabels } from "./node/node-labels.ts";
import { startNodeLease } from "./node/node-lease.ts";
import { startNodeRegistration } from "./node/node-registration.ts";
import { nodeStatus } from "./node/node-status.ts";
import type { RuntimeWatch } from "./node/runtime-watch.ts";
import { startRuntimeWatch } from "./node/runtime-watch.ts";
import { watchFlowTable } from "./node/watch-flow-table.ts";
import type { NodePods } from "./node-pods.ts";
import { createObjectWatcher } from "./objects/object-watcher.ts";
import type { KubeletContext } from "./pods/kubelet-context.ts";
import { startPodWorkers } from "./pods/pod-workers.ts";
import { createRoomOnNode } from "./pods/room-on-node.ts";
import { createRuntimeLists } from "./pods/runtime-lists.ts";
import { createStartSlots } from "./pods/start-slots.ts";
import type { PodRuntime, RuntimeStatus } from "./runtime/pod-runtime.ts";
import { createClaimSource } from "./volumes/persistent/claim-source.ts";
import { createTokenSource } from "./volumes/token-source.ts";

/** What a kubelet needs to know and to have. */
export interface KubeletOptions {
  /** As `system:node:NAME` of group `system:nodes`. */
  readonly client: Client;
  readonly nodeName: string;
  /** The node's own addresses, the first one its main one. */
  readonly nodeIPs: readonly string[];
  /** Closed by its creator. */
  readonly runtime: PodRuntime;
  /** Folder for volumes and pods' files; upstream's is `/var/lib/kubelet`. Made when it is not there. */
  readonly rootDir: string;
  /** Folder for log files; upstream's is `/var/log/pods`. */
  readonly podLogsDir: string;
  /** Addresses of the cluster's DNS, for pods with `dnsPolicy: ClusterFirst`. */
  readonly clusterDNS: readonly string[];
  /** Default `cluster.local`. */
  readonly clusterDomain?: string;
  /** The `resolv.conf` that says how the node itself resolves names. Default `/etc/resolv.conf`. */
  readonly hostResolvConf?: string;
  /** The cgroup under which pods get theirs, as the runtime names it: `/fairlead/node1`. Default `/kubepods`. */
  readonly cgroupParent?: string;
  /** Default 110. */
  readonly maxPods?: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** Of a node that is registered for the first time. */
  readonly taints?: readonly Taint[];
  /** Port of the kubelet's HTTPS endpoint, also in the Node's status. Default 10250. */
  readonly serverPort?: number;
  /** Reported in the Node's status: `v1.35.0`. */
  readonly kubeletVersion: string;
  /** Pods exist only in the API: nothing of them is written to disk, and the machine's DNS settings are not read. Default false. */
  readonly simulated?: boolean;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Sandboxes and containers made at a time: enough to keep the processors busy while some of them wait for the kernel. */
const STARTS_AT_ONCE = 3 * availableParallelism();

/** A kubelet that runs, and the pods it looks after. */
export interface Kubelet extends Running {
  readonly pods: NodePods;
  /** Resolves once the Node is in the API. */
  readonly registered: Promise<Node>;
}

/** Registers this machine as a node and runs the pods that are assigned to it. Containers go on when it stops. */
export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const { client, nodeName, runtime, rootDir, podLogsDir, clock, simulated = false } = options;
  const log = options.log.with({ node: nodeName });
  if (!simulated) await makeFolders(rootDir, podLogsDir);

  const shared = { client, clock, log };
  const events = createEventRecorder({ ...shared, component: "kubelet", host: nodeName });
  const podCache = startCache(client, podKind, { fieldSelector: `spec.nodeName=${nodeName}`, clock, log });
  const serviceCache = startCache(client, serviceKind, { clock, log });
  const watchers = {
    configMaps: createObjectWatcher(configMapKind, shared),
    secrets: createObjectWatcher(secretKind, shared),
  };
  let reported: NodeStatus = {};
  let onReadiness = () => {};
  const runtimeWatch = startRuntimeWatch(runtime, clock, () => onReadiness());
  const registration = await startNode(options, { runtimeWatch, events, onReported: (status) => (reported = status) });
  onReadiness = registration.report;
  const version = await reachableVersion(options);
  const imagesFolder = simulated ? undefined : path.join(rootDir, "image_manager");
  const allocatable = () => reported.allocatable ?? {};

  const context: KubeletContext = {
    ...shared,
    runtime,
    runtimeName: version.runtimeName,
    lists: createRuntimeLists(runtime),
    events,
    watchers,
    tokens: createTokenSource(shared),
    pulls: createNodePulls({ runtime, accesses: imageAccesses(imagesFolder, runtime), clock }),
    claims: createClaimSource({ client, nodeName }),
    room: createRoomOnNode(allocatable),
    starts: createStartSlots(simulated ? Number.POSITIVE_INFINITY : STARTS_AT_ONCE, clock),
    nodeIPs: options.nodeIPs,
    rootDir,
    podLogsDir,
    clusterDNS: options.clusterDNS,
    clusterDomain: options.clusterDomain ?? "cluster.local",
    nodeDns: async () => parseResolvConf(simulated ? "" : await readOrEmpty(options.hostResolvConf)),
    listeningSockets: simulated ? () => [] : readListeningSockets,
    cgroupParent: options.cgroupParent ?? "/kubepods",
    simulated,
    services: async () => {
      await serviceCache.synced;
      return serviceCache.list();
    },
    allocatable,
    runtimeStatus: () => readiness(runtimeWatch),
  };
  const workers = startPodWorkers(podCache, context, events.forget);
  onReadiness = () => {
    registration.report();
    workers.wakeAll();
  };
  const rotation = simulated ? undefined : startLogRotation({ pods: workers.pods, runtime, podLogsDir, clock, log });
  const flowTable = simulated ? undefined : watchFlowTable({ nodeName, events, clock, log });
  const lease = registration.registered.then(
    () => {
      // Recorded earlier, the event would hold up all later ones while the API server does not answer.
      events.record(nodeReference(nodeName), { type: "Normal", reason: "Starting", message: "Starting kubelet." });
      return startNodeLease({ ...shared, nodeName, onNodeMissing: registration.reportMissing });
    },
    () => undefined,
  );

  return {
    ...running(async () => {
      await Promise.all([
        workers.stop(),
        registration.stop(),
        runtimeWatch.stop(),
        rotation?.stop(),
        flowTable?.stop(),
      ]);
      await (await lease)?.stop();
      await Promise.all([podCache.stop(), serviceCache.stop(), watchers.configMaps.stop(), watchers.secrets.stop()]);
      await events.stop();
    }),
    pods: workers.pods,
    registered: registration.registered,
  };
}

/** The machine's `resolv.conf`; empty where it has none. */
async function readOrEmpty(file = "/etc/resolv.conf"): Promise<string> {
  return await readFile(file, "utf8").catch(() => "");
}

async function makeFolders(rootDir: string, podLogsDir: string): Promise<void> {
  await mkdir(podLogsDir, { recursive: true });
  // Volumes hold secrets: other users must not read them.
  await mkdir(`${rootDir}/pods`, { recursive: true, mode: 0o750 });
}

async function startNode(
  options: KubeletOptions,
  {
    runtimeWatch,
    events,
    onReported,
  }: {
    readonly runtimeWatch: RuntimeWatch;
    readonly events: EventRecorder;
    readonly onReported: (status: NodeStatus) => void;
  },
) {
  const { client, nodeName, nodeIPs, runtime, clock, log, taints = [], kubeletVersion, serverPort = 10_250 } = options;
  const root = options.simulated === true ? "/" : options.rootDir;
  const machine = await readMachine(root);
  const { operatingSystem: os, architecture: arch } = machine.info;
  const runtimeReport = askRuntime(runtime, clock);
  return startNodeRegistration({
    client,
    nodeName,
    labels: nodeLabels({ hostname: nodeName, os, arch }, options.labels ?? {}),
    taints,
    events,
    clock,
    log,
    status: async (previous) => {
      const { version, images } = await runtimeReport();
      const status = nodeStatus({
        nodeName,
        nodeIPs,
        machine,
        room: await readRoom(root),
        runtime: runtimeWatch.status,
        runtimeVersion: version,
        kubeletVersion,
        serverPort,
        maxPods: options.maxPods ?? 110,
        images,
        previous: previous.conditions ?? [],
        now: clock.now(),
      });
      onReported(status);
      return status;
    },
  });
}

/** The runtime may come up after the kubelet: waits for its first answer. */
async function reachableVersion({ runtime, clock, log }: KubeletOptions) {
  for (let waited = false; ; waited = true) {
    try {
      return await runtime.version();
    } catch (error) {
      if (!waited) log.info("Waiting for the container runtime", { error });
      await clock.sleep(100);
    }
  }
}

function readiness({ status }: RuntimeWatch): RuntimeStatus {
  if (!("unreachable" in status)) return status;
  return { ready: false, networkReady: false, reason: "RuntimeDown", message: status.unreachable };
}
