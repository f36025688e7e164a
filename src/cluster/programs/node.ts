import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Client } from "@fairlead/client/client";
import { kubeconfigServer } from "@fairlead/client/kubeconfig/kubeconfig-transport";
import { createClient } from "@fairlead/client/rest/rest-client";
import { createHttpsTransport } from "@fairlead/client/transport/https-transport";
import { serverAccepts } from "@fairlead/client/transport/server-accepts";
import type { Transport } from "@fairlead/client/transport/transport";
import { startQuietRefusals } from "@fairlead/dns/own-server/quiet-refusals";
import { watchOwnServer } from "@fairlead/dns/own-server/watch-own-server";
import { createCriRuntime } from "@fairlead/kubelet/runtime/cri/cri-runtime";
import { readCriMachine } from "@fairlead/kubelet/runtime/cri/read-machine";
import { startKubeletServer } from "@fairlead/kubelet/server/server";
import { startKubelet } from "@fairlead/kubelet/start-kubelet";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { createMetrics, type Metrics } from "@fairlead/lib/metrics";
import { addProcessMetrics } from "@fairlead/lib/process-metrics";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { startTogether } from "@fairlead/lib/start-together";
import { readVersion } from "@fairlead/lib/version";
import { startAnnouncer } from "@fairlead/loadbalancer/announcement/start-announcer";
import type { NftMonitor } from "@fairlead/nftables/kernel/nft-monitor";
import { startNftMonitor } from "@fairlead/nftables/kernel/nft-monitor";
import type { NftShell } from "@fairlead/nftables/kernel/nft-shell";
import { createNftShell } from "@fairlead/nftables/kernel/nft-shell";
import { startPodNetwork } from "@fairlead/podnetwork/start-pod-network";
import { type FollowedWorld, followWorld } from "@fairlead/proxy/follow-world";
import { apiServerOfUrl } from "@fairlead/proxy/services/reservations";
import { startProxy } from "@fairlead/proxy/start-proxy";
import { cniPluginFolder } from "../machines/cni-plugin-folder.ts";
import { KUBECONFIG_FILES } from "../supervisor/write-credentials.ts";
import { followAddresses } from "./addresses/follow-addresses.ts";
import { freeLeasesFirst } from "./free-leases-first.ts";
import { NODE_PORTS } from "./node-ports.ts";
import { stopWithConnections } from "./stop-with-connections.ts";

export interface NodeProgramOptions {
  readonly nodeName: string;
  /** The node's own addresses, the first one its main one. In the place of one that the machine loses comes another of its. */
  readonly nodeIPs: readonly string[];
  /** The folder with a kubeconfig file for each part, and the kubelet's server certificate. */
  readonly credentialsFolder: string;
  /** Absolute path of the container runtime's socket. */
  readonly runtimeSocket: string;
  readonly rootDir: string;
  readonly podLogsDir: string;
  readonly cniConfigDir: string;
  readonly ipamDataDir: string;
  readonly clusterDNS: readonly string[];
  readonly clusterDomain: string;
  readonly serviceCIDRs: readonly string[];
  readonly cgroupParent: string;
  /** Whether settings of the network namespace may be changed. */
  readonly ownsMachine: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * What a node does, in one process: kubelet, pod network and service proxy, each under its own identity; and an eye on the
 * DNS server beside it.
 */
export async function startNodeProgram(options: NodeProgramOptions): Promise<Running> {
  const { nodeIPs, log, clock } = options;
  const metrics = createMetrics();
  addProcessMetrics(metrics);
  return await followAddresses({ wanted: nodeIPs, start: (own) => startNodeAt(own, metrics, options), log, clock });
}

/** Should a part fail, nothing is left of the others: ports that they hold would keep the next attempt from succeeding. */
async function startNodeAt(
  nodeIPs: readonly string[],
  metrics: Metrics,
  options: NodeProgramOptions,
): Promise<Running> {
  const { log, clock, nodeName, credentialsFolder } = options;
  await using starting = new AsyncDisposableStack();
  const [tls, cniBinDir, machine, clients] = await Promise.all([
    readServerTls(credentialsFolder),
    cniPluginFolder(),
    readCriMachine(options.rootDir),
    readClients(credentialsFolder, clock),
  ]);
  const runtime = starting.use(
    createCriRuntime({
      socketPath: options.runtimeSocket,
      machine,
      clock,
      log: log.with({ part: "runtime" }),
      metrics,
    }),
  );
  const nft = starting.use(createNftShell());
  const nftMonitor = starting.use(startNftMonitor({ log: log.with({ part: "proxy" }), clock }));
  const parts: Running[] = [];
  const stopParts = () => Promise.all(parts.map((part) => part.stop()));
  starting.defer(() => stopWithConnections(stopParts, clients.transports, clock));
  // Read once, for the proxy and for what answers for addresses.
  const followed = followWorld({ client: clients.of.proxy, nodeName, log: log.with({ part: "proxy" }), clock });
  starting.defer(() => followed.stop());
  const [kubelet, ...others] = await startTogether([
    startKubelet({
      client: clients.of.kubelet,
      nodeName,
      nodeIPs,
      runtime: freeLeasesFirst(runtime, { ipamDataDir: options.ipamDataDir, log: log.with({ part: "podnetwork" }) }),
      rootDir: options.rootDir,
      podLogsDir: options.podLogsDir,
      clusterDNS: options.clusterDNS,
      clusterDomain: options.clusterDomain,
      cgroupParent: options.cgroupParent,
      labels: options.labels,
      kubeletVersion: readVersion().kubernetes,
      log: log.with({ part: "kubelet" }),
      clock,
    }),
    ...startNetwork(options, { clients, cniBinDir, followed, filter: { nft, nftMonitor }, metrics }),
  ]);
  parts.push(kubelet, ...others);
  if (options.ownsMachine)
    parts.push(await startQuietRefusals({ nft, nftMonitor, log: log.with({ part: "dns" }), clock }));
  if (options.ownsMachine) parts.push(announcer(options, clients, { followed, filter: { nft, nftMonitor }, metrics }));
  parts.push(watchOwnServer({ client: clients.of.dns, nodeName, log: log.with({ part: "dns" }), clock }));
  starting.use(
    await startKubeletServer({ pods: kubelet.pods, runtime, tls, log: log.with({ part: "kubelet" }), metrics }),
  );
  log.info("Node started", { node: nodeName });
  const started = starting.move();
  return running(() => started.disposeAsync());
}

interface NodeClients {
  readonly of: Readonly<Record<keyof typeof KUBECONFIG_FILES, Client>>;
  readonly transports: readonly Transport[];
  /** URL of the API server. */
  readonly server: string;
}

/** Answers for addresses of load balancers. */
function announcer(
  { log, clock, nodeName }: NodeProgramOptions,
  clients: NodeClients,
  { followed, filter, metrics }: Pick<NetworkParts, "followed" | "filter" | "metrics">,
): Running {
  const { world, synced, onChange, onNodesChange } = followed;
  return startAnnouncer({
    client: clients.of.podNetwork,
    world: { ...world, synced, onChange, onNodesChange },
    filter,
    nodeName,
    metrics,
    log: log.with({ part: "loadbalancer" }),
    clock,
  });
}

interface NetworkParts {
  readonly clients: NodeClients;
  readonly followed: FollowedWorld;
  readonly cniBinDir: string;
  /** The packet filter of the node's network namespace. */
  readonly filter: { readonly nft: NftShell; readonly nftMonitor: NftMonitor };
  readonly metrics: Metrics;
}

/** The service proxy and the pod network, which are being started. */
function startNetwork(
  options: NodeProgramOptions,
  { clients, cniBinDir, followed, filter, metrics }: NetworkParts,
): readonly [Promise<Running>, Promise<Running>] {
  const { log, clock, nodeName } = options;
  const apiServer = apiServerOfUrl(clients.server);
  return [
    startProxy({
      client: clients.of.proxy,
      followed,
      ...filter,
      nodeName,
      serviceCIDRs: options.serviceCIDRs,
      apiServers: apiServer === undefined ? [] : [apiServer],
      nodePrograms: NODE_PORTS,
      log: log.with({ part: "proxy" }),
      clock,
      metrics,
    }),
    startPodNetwork({
      client: clients.of.podNetwork,
      ...filter,
      nodeName,
      cniConfigDir: options.cniConfigDir,
      cniBinDir,
      ipamDataDir: options.ipamDataDir,
      ownsMachine: options.ownsMachine,
      log: log.with({ part: "podnetwork" }),
      clock,
    }),
  ];
}

/** Under these names `metadata.managedFields` records what the parts of a node write. */
const USER_AGENTS: Readonly<Record<keyof typeof KUBECONFIG_FILES, string>> = {
  kubelet: "kubelet",
  proxy: "kube-proxy",
  podNetwork: "podnetwork",
  dns: "dns",
};

/** Reads the kubeconfig files and makes a client for each identity. */
async function readClients(folder: string, clock: Clock): Promise<NodeClients> {
  const transports: Transport[] = [];
  let ready: Promise<void> | undefined;
  const read = async (identity: keyof typeof KUBECONFIG_FILES) => {
    const found = await kubeconfigServer(path.join(folder, KUBECONFIG_FILES[identity]));
    ready ??= serverAccepts(found.server, { clock });
    const transport = createHttpsTransport({ ...found, userAgent: USER_AGENTS[identity], ready });
    transports.push(transport);
    return { client: createClient(transport), server: found.server };
  };
  const [kubelet, proxy, podNetwork, dns] = await Promise.all([
    read("kubelet"),
    read("proxy"),
    read("podNetwork"),
    read("dns"),
  ]);
  const of = { kubelet: kubelet.client, proxy: proxy.client, podNetwork: podNetwork.client, dns: dns.client };
  return { of, transports, server: proxy.server };
}

async function readServerTls(folder: string) {
  const [cert, key, clientCa] = await Promise.all(
    ["kubelet-server.crt", "kubelet-server.key", "ca.crt"].map((file) => readFile(path.join(folder, file), "utf8")),
  );
  return { cert: cert ?? "", key: key ?? "", clientCa: clientCa ?? "" };
}
