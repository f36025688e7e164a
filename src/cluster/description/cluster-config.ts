import { ExpectedError } from "@fairlead/lib/expected-error";
import { readIfThere } from "@fairlead/lib/read-if-there";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import type { Registries } from "../registries/registries.ts";
import type { ClusterRanges } from "./addresses.ts";
import { addressAt, prefixLengthOf } from "./addresses.ts";
import type { ClusterIdentity } from "./cluster-names.ts";

/** What one local cluster is: what was asked for, and what was chosen for it. Kept as `cluster.json` in its state folder. */
export interface ClusterConfig extends ClusterRanges, ClusterIdentity {
  /** Of this file's format. */
  readonly formatVersion: 2;
  /** Of the program that made the cluster, or has started it since. */
  readonly version: string;
  /** The first is the control plane, and a node as well. */
  readonly nodes: readonly NodeConfig[];
  /** The index of the next node to be added: goes up only. */
  readonly nextNodeIndex: number;
  /** Where the API server answers on the host's loopback. */
  readonly apiPort: number;
  readonly clusterDomain: string;
  readonly nodePortRange: string;
  /** Whether this machine gets routes to the cluster's nodes, Services and pods. */
  readonly hostRoutes: boolean;
  /** Whether Services of type LoadBalancer get addresses at first. Default true. */
  readonly loadBalancer?: boolean;
  /** Domains that the host's resolver asks the cluster's DNS for. Default: none. */
  readonly hostDNS?: readonly string[];
  /** How pods reach the world outside: through a user-mode network, or not at all. */
  readonly uplink: "slirp4netns" | "none";
  /** Where images come from. Undefined: from the registries that they name. */
  readonly registries?: Registries;
}

/** One machine of a cluster. */
export interface NodeConfig {
  readonly name: string;
  /** On the cluster's fabric. */
  readonly address: string;
  /** Which of the node addresses it is, from 0. Not given to another node after this one is gone. */
  readonly index: number;
}

/** The fabric's own address: the nodes' way out. */
export function gatewayAddress(config: ClusterRanges): string {
  return addressAt(config.nodeCIDRs[0], 1);
}

/** The host's address on the fabric. */
export function hostAddress(config: ClusterRanges): string {
  return addressAt(config.nodeCIDRs[0], 2);
}

/**
 * Where the cluster's own programs, pods (by the Service `kubernetes`) and the host's routes find the control plane: an
 * address of its machine besides the node's, which may change.
 */
export function controlPlaneAddress(config: ClusterRanges): string {
  return addressAt(config.nodeCIDRs[0], 10);
}

/** Addresses that Services of type LoadBalancer get. Undefined where the range of the nodes is smaller than 256. */
export function loadBalancerRange(config: ClusterRanges): string | undefined {
  const [cidr] = config.nodeCIDRs;
  if (prefixLengthOf(cidr) > 24) return undefined;
  return `${addressAt(cidr, FIRST_BALANCED)}-${addressAt(cidr, LAST_BALANCED)}`;
}

/** 11 is the first node, so that `.1` to `.10` stay for what is not a node. */
export const FIRST_NODE = 11;
const FIRST_BALANCED = 200;
const LAST_BALANCED = 250;
export const NODES_MAX = FIRST_BALANCED - FIRST_NODE;

/** Node names say which cluster they are of, because they are host names and folder names too. */
export function nodeConfig(clusterName: string, ranges: ClusterRanges, index: number): NodeConfig {
  return { name: `${clusterName}-${index + 1}`, address: addressAt(ranges.nodeCIDRs[0], FIRST_NODE + index), index };
}

/** Whether the API server, its store and the controllers are on this machine: the first. */
export function isControlPlane(config: ClusterConfig, node: NodeConfig): boolean {
  return config.nodes[0]?.name === node.name;
}

/** The API server's own Service address. */
export function apiServiceAddress(config: ClusterRanges): string {
  return addressAt(config.serviceCIDRs[0], 1);
}

/** The address of the cluster's DNS Service, which pods have in their resolv.conf. */
export function dnsServiceAddress(config: ClusterRanges): string {
  return addressAt(config.serviceCIDRs[0], 10);
}

/** The port on which the API server answers in its machine. */
export const API_SECURE_PORT = 6443;

/** The format before this one had one range for each use. */
interface ClusterConfig1 extends Omit<ClusterConfig, "formatVersion" | keyof ClusterRanges> {
  readonly formatVersion: 1;
  readonly nodeCIDR: string;
  readonly podCIDR: string;
  readonly serviceCIDR: string;
}

/**
 * Undefined when there is no such cluster.
 *
 * @throws {ExpectedError} when a later version of the program wrote it.
 */
export async function readClusterConfig(file: string): Promise<ClusterConfig | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  // Written by writeClusterConfig only, of this version of the program or another.
  const config = JSON.parse(text) as ClusterConfig | ClusterConfig1;
  switch (config.formatVersion) {
    case 1:
      return inThisFormat(config);
    case 2:
      return config;
    default:
      throw new ExpectedError(`Cannot read ${file}: it was written by another version of fairlead`);
  }
}

function inThisFormat({ nodeCIDR, podCIDR, serviceCIDR, ...rest }: ClusterConfig1): ClusterConfig {
  return { ...rest, formatVersion: 2, nodeCIDRs: [nodeCIDR], podCIDRs: [podCIDR], serviceCIDRs: [serviceCIDR] };
}

/** Replaces the cluster's description in one step. */
export async function writeClusterConfig(file: string, config: ClusterConfig): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(config, undefined, 2)}\n`);
}
