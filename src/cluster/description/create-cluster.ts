import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { readVersion } from "@fairlead/lib/version";
import { exclusively } from "../journal/exclusively.ts";
import { hostRoutes } from "../machines/host-routes.ts";
import type { Registries } from "../registries/registries.ts";
import type { ClusterRanges } from "./addresses.ts";
import { allRanges, chooseRanges, prefixLengthOf } from "./addresses.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import { FIRST_NODE, NODES_MAX, nodeConfig, writeClusterConfig } from "./cluster-config.ts";
import { type ClusterIdentity, hostLinkName } from "./cluster-names.ts";
import { knownClusters } from "./clusters.ts";
import type { StateFolder } from "./state-folder.ts";

/** What may be asked of a new cluster. */
export interface NewClusterOptions {
  /** 1 by default. */
  readonly nodes: number;
  readonly ranges: Partial<ClusterRanges>;
  /** On the host's loopback. Default: 6443, or a free one when it is taken. */
  readonly apiPort?: number;
  readonly hostRoutes: boolean;
  readonly uplink: ClusterConfig["uplink"];
  /** Whether Services of type LoadBalancer get addresses at first. Default true. */
  readonly loadBalancer?: boolean;
  /** Default: images come from the registries that they name. */
  readonly registries?: Registries;
}

const DEFAULT_API_PORT = 6443;

/**
 * Chooses what was left open and writes the cluster's description. Nothing is started.
 *
 * One process at a time: each sees what those before it have chosen.
 */
export function createCluster(folder: StateFolder, options: NewClusterOptions): Promise<ClusterConfig> {
  return exclusively("describe a cluster", () => describeCluster(folder, options));
}

async function describeCluster(folder: StateFolder, options: NewClusterOptions): Promise<ClusterConfig> {
  if (!Number.isInteger(options.nodes) || options.nodes < 1 || options.nodes > NODES_MAX) {
    throw new ExpectedError(`Cannot make ${options.nodes} nodes: must be between 1 and ${NODES_MAX}`);
  }
  const tooSmall = rangeProblem(options.ranges, options.nodes);
  if (tooSmall !== undefined) throw new ExpectedError(tooSmall);
  const others = (await knownClusters()).filter((c) => c.config.name !== folder.name).map((c) => c.config);
  const ranges = await freeRanges(folder, options.ranges, others);
  const config: ClusterConfig = {
    formatVersion: 2,
    version: readVersion().fairlead,
    name: folder.name,
    scope: folder.scope,
    ...ranges,
    nodes: Array.from({ length: options.nodes }, (_, i) => nodeConfig(folder.name, ranges, i)),
    nextNodeIndex: options.nodes,
    apiPort: await choosePort(
      options.apiPort,
      others.map((c) => c.apiPort),
    ),
    clusterDomain: "cluster.local",
    nodePortRange: "30000-32767",
    hostRoutes: options.hostRoutes,
    uplink: options.uplink,
    ...(options.loadBalancer === false && { loadBalancer: false }),
    ...(options.registries && { registries: options.registries }),
  };
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  await writeClusterConfig(folder.config, config);
  return config;
}

/** The length of the prefix of one node's pods: upstream's default, and the node IPAM controller's here. */
const NODE_POD_PREFIX_LENGTH = 24;
/** The DNS Service has the tenth address. */
const SERVICE_PREFIX_LENGTH_MAX = 28;

/** Why asked-for ranges have too few addresses for so many nodes; undefined when they have enough. */
export function rangeProblem(ranges: Partial<ClusterRanges>, nodes: number): string | undefined {
  const limits = [
    { flag: "--node-cidr", cidrs: ranges.nodeCIDRs, max: nodePrefixMax(nodes) },
    { flag: "--pod-cidr", cidrs: ranges.podCIDRs, max: podPrefixMax(nodes) },
    { flag: "--service-cidr", cidrs: ranges.serviceCIDRs, max: SERVICE_PREFIX_LENGTH_MAX },
  ];
  const all = limits.flatMap(({ cidrs = [], ...limit }) => cidrs.map((cidr) => ({ cidr, ...limit })));
  const small = all.find(({ cidr, max }) => prefixLengthOf(cidr) > max);
  return small && `Cannot use ${small.flag} ${small.cidr} for ${nodes} nodes: must be /${small.max} or larger`;
}

/** Why a cluster cannot get one node more; undefined when it can. */
export function nextNodeProblem({
  nodes,
  nextNodeIndex,
  nodeCIDRs,
  podCIDRs,
}: Pick<ClusterConfig, "nodes" | "nextNodeIndex" | "nodeCIDRs" | "podCIDRs">): string | undefined {
  // Ranges of pods are given to others when their node is gone, addresses of nodes are not.
  const usedUp = nodeCIDRs.find((cidr) => prefixLengthOf(cidr) > nodePrefixMax(nextNodeIndex + 1));
  if (nextNodeIndex >= NODES_MAX || usedUp !== undefined) {
    return `the cluster has had the ${nextNodeIndex} that ${usedUp ?? nodeCIDRs[0]} has addresses for, and they are not used again`;
  }
  const full = podCIDRs.find((cidr) => prefixLengthOf(cidr) > podPrefixMax(nodes.length + 1));
  return full && `${full} has addresses for the pods of ${nodes.length}: make the cluster with a larger --pod-cidr`;
}

/** The last address is the network's broadcast address. */
function nodePrefixMax(nodes: number): number {
  return 32 - Math.ceil(Math.log2(FIRST_NODE + nodes + 1));
}

function podPrefixMax(nodes: number): number {
  return NODE_POD_PREFIX_LENGTH - Math.ceil(Math.log2(nodes));
}

/** A route by this cluster's own interface is one that a killed `up` of the same name has left. */
async function freeRanges(
  cluster: ClusterIdentity,
  asked: Partial<ClusterRanges>,
  others: readonly ClusterConfig[],
): Promise<ClusterRanges> {
  const routes = (await hostRoutes()).filter((route) => route.device !== hostLinkName(cluster));
  const taken = [...routes.map((r) => r.cidr), ...others.flatMap(allRanges)];
  return chooseRanges(asked, [...new Set(taken)]);
}

async function choosePort(asked: number | undefined, ofOthers: readonly number[]): Promise<number> {
  if (asked !== undefined) {
    if (ofOthers.includes(asked) || !(await isFree(asked))) {
      throw new ExpectedError(
        `Cannot use port ${asked} of 127.0.0.1: something listens there; choose another with --api-port`,
      );
    }
    return asked;
  }
  for (let port = DEFAULT_API_PORT; port < DEFAULT_API_PORT + 100; port++) {
    if (!ofOthers.includes(port) && (await isFree(port))) return port;
  }
  throw new ExpectedError(`Cannot find a free port from ${DEFAULT_API_PORT} on: choose one with --api-port`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
