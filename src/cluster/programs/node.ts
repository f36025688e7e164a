import { readFile } from "node:fs/promises";
import path from "node:path";
import { kubeconfigTransport } from "../../client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../../client/rest-client.ts";
import type { Transport } from "../../client/transport.ts";
import { quietRefusals } from "../../dns/own-server/quiet-refusals.ts";
import { watchOwnServer } from "../../dns/own-server/watch-own-server.ts";
import { createCriRuntime } from "../../kubelet/runtime/cri/cri-runtime.ts";
import { readCriMachine } from "../../kubelet/runtime/cri/read-machine.ts";
import { startKubeletServer } from "../../kubelet/server/server.ts";
import { startKubelet } from "../../kubelet/start-kubelet.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { Running } from "../../lib/running.ts";
import { running } from "../../lib/running.ts";
import { readVersion } from "../../lib/version.ts";
import { startPodNetwork } from "../../podnetwork/start-pod-network.ts";
import { startProxy } from "../../proxy/start-proxy.ts";
import { cniPluginFolder } from "../machines/cni-plugin-folder.ts";
import { KUBECONFIG_FILES } from "../supervisor/write-credentials.ts";
import { followAddresses } from "./addresses/follow-addresses.ts";
import { freeLeasesFirst } from "./free-leases-first.ts";
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
  return await followAddresses({ wanted: nodeIPs, start: (own) => startNodeAt(own, options), log, clock });
}

async function startNodeAt(nodeIPs: readonly string[], options: NodeProgramOptions): Promise<Running> {
  const { log, clock, nodeName, credentialsFolder } = options;
  const transports: Transport[] = [];
  const clientOf = async (identity: keyof typeof KUBECONFIG_FILES) => {
    const transport = await kubeconfigTransport(path.join(credentialsFolder, KUBECONFIG_FILES[identity]));
    transports.push(transport);
    return createClient(transport);
  };
  const [tls, cniBinDir, machine] = await Promise.all([
    readServerTls(credentialsFolder),
    cniPluginFolder(),
    readCriMachine(options.rootDir),
  ]);
  const runtime = createCriRuntime({
    socketPath: options.runtimeSocket,
    machine,
    clock,
    log: log.with({ part: "runtime" }),
  });
  const [proxy, podNetwork, kubelet] = await Promise.all([
    startProxy({
      client: await clientOf("proxy"),
      nodeName,
      serviceCIDRs: options.serviceCIDRs,
      log: log.with({ part: "proxy" }),
      clock,
    }),
    startPodNetwork({
      client: await clientOf("podNetwork"),
      nodeName,
      cniConfigDir: options.cniConfigDir,
      cniBinDir,
      ipamDataDir: options.ipamDataDir,
      ownsMachine: options.ownsMachine,
      log: log.with({ part: "podnetwork" }),
      clock,
    }),
    startKubelet({
      client: await clientOf("kubelet"),
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
  ]);
  if (options.ownsMachine) await quietRefusals();
  const dnsWatch = watchOwnServer({ client: await clientOf("dns"), nodeName, log: log.with({ part: "dns" }), clock });
  const server = await startKubeletServer({ pods: kubelet.pods, runtime, tls, log: log.with({ part: "kubelet" }) });
  log.info("Node started", { node: nodeName });
  return running(async () => {
    await server.stop();
    await stopWithConnections(
      () => Promise.all([kubelet.stop(), proxy.stop(), podNetwork.stop(), dnsWatch.stop()]),
      transports,
      clock,
    );
    await runtime[Symbol.asyncDispose]();
  });
}

async function readServerTls(folder: string) {
  const [cert, key, clientCa] = await Promise.all(
    ["kubelet-server.crt", "kubelet-server.key", "ca.crt"].map((file) => readFile(path.join(folder, file), "utf8")),
  );
  return { cert: cert ?? "", key: key ?? "", clientCa: clientCa ?? "" };
}
