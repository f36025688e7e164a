import { allocatorEnvironment } from "@fairlead/lib/allocator";
import type { ClusterConfig, NodeConfig } from "../description/cluster-config.ts";
import {
  API_SECURE_PORT,
  controlPlaneAddress,
  dnsServiceAddress,
  isControlPlane,
  loadBalancerRange,
} from "../description/cluster-config.ts";
import { machineCgroup } from "../description/cluster-names.ts";
import type { Program } from "../program.ts";

/** One program of a machine, and how it is started. */
export interface ProgramSpec {
  /** `server`, `containerd`, `node` or `dns`. */
  readonly role: ProgramRole;
  readonly machine: string;
  /** The program and its arguments, with paths as the machine has them. */
  readonly command: readonly [string, ...string[]];
  /** Variables besides those of the supervisor. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether connections to the host's loopback port are handed to it. */
  readonly takesConnections: boolean;
  /** Whether it needs the machine's credentials: what does not is started before they are made. */
  readonly needsCredentials: boolean;
}

export type ProgramRole = "server" | "containerd" | "node" | "dns";

/** Where the machine has its own certificates and kubeconfig files. */
export const MACHINE_CREDENTIALS = "/etc/fairlead";
/** Where the first machine has the cluster's certificates, and the store. */
export const CONTROL_PLANE_PKI = "/etc/fairlead-pki";
export const CONTROL_PLANE_STORE = "/var/lib/fairlead-store";
/** The container runtime's socket, as the machine sees it. */
export const RUNTIME_SOCKET = "/run/fairlead/containerd.sock";
export const CONTAINERD_CONFIG = "/etc/fairlead/containerd.toml";
export const CNI_CONFIG_FOLDER = "/etc/cni/net.d";

/**
 * How Node's memory is bounded, in MiB. By default each of the two halves of the young generation grows to 64 MiB and stays
 * there, in a program that has 30 MiB in use; with 16 no more processor time is used.
 */
const HEAP_MIB: Readonly<
  Record<Exclude<ProgramRole, "containerd">, { readonly young: number; readonly old?: number }>
> = {
  // As large as the cluster's objects make it.
  server: { young: 16 },
  node: { young: 8, old: 2_048 },
  dns: { young: 8, old: 1_024 },
};

/**
 * These programs trust the cluster's own authority. Without the flag each of them also decodes the 150 certificates that Node
 * brings along, as soon as it loads TLS.
 */
const TRUST = "--use-openssl-ca";

function nodeFlagsOf(role: Exclude<ProgramRole, "containerd">): string[] {
  const { young, old } = HEAP_MIB[role];
  return [TRUST, `--max-semi-space-size=${young}`, ...(old === undefined ? [] : [`--max-old-space-size=${old}`])];
}

/** Every program of one machine, in the order in which they are best started. */
export function programSpecs(config: ClusterConfig, node: NodeConfig, program: Program): readonly ProgramSpec[] {
  const spec = (role: ProgramRole, command: [string, ...string[]], env = {}): ProgramSpec => ({
    role,
    machine: node.name,
    command,
    env,
    takesConnections: role === "server",
    needsCredentials: role !== "containerd",
  });
  const fairlead = (role: Exclude<ProgramRole, "containerd">, flags: readonly string[]) =>
    spec(role, [program.node, ...nodeFlagsOf(role), ...program.args, "run", role, ...flags], allocatorEnvironment());
  return [
    spec("containerd", ["containerd", "--config", CONTAINERD_CONFIG]),
    ...(isControlPlane(config, node) ? [fairlead("server", serverFlags(config))] : []),
    fairlead("node", nodeFlags(config, node)),
    fairlead("dns", dnsFlags(config, node)),
  ];
}

function serverFlags(config: ClusterConfig): string[] {
  const balanced = loadBalancerRange(config);
  return [
    ...["--store", `sqlite:${CONTROL_PLANE_STORE}/state.db`],
    ...["--pki-dir", CONTROL_PLANE_PKI],
    ...["--advertise-address", controlPlaneAddress(config)],
    ...["--secure-port", String(API_SECURE_PORT)],
    ...config.serviceCIDRs.flatMap((cidr) => ["--service-cidr", cidr]),
    ...config.podCIDRs.flatMap((cidr) => ["--pod-cidr", cidr]),
    ...["--service-node-port-range", config.nodePortRange],
    ...["--cluster-domain", config.clusterDomain],
    ...["--cluster-dns", dnsServiceAddress(config)],
    ...(balanced === undefined ? [] : ["--load-balancer-range", balanced]),
    ...(config.loadBalancer === false ? ["--no-load-balancer"] : []),
    "--take-connections",
  ];
}

function nodeFlags(config: ClusterConfig, node: NodeConfig): string[] {
  return [
    ...["--node-name", node.name],
    ...["--node-ip", node.address],
    ...["--credentials", MACHINE_CREDENTIALS],
    ...["--container-runtime-endpoint", `unix://${RUNTIME_SOCKET}`],
    ...["--cluster-dns", dnsServiceAddress(config)],
    ...["--cluster-domain", config.clusterDomain],
    ...config.serviceCIDRs.flatMap((cidr) => ["--service-cidr", cidr]),
    ...["--cgroup-parent", `${machineCgroup(config, node.name)}/pods`],
    "--owns-machine",
  ];
}

function dnsFlags(config: ClusterConfig, node: NodeConfig): string[] {
  return [
    ...["--node-name", node.name],
    ...["--credentials", MACHINE_CREDENTIALS],
    ...["--listen", `${node.address}:53`],
    ...["--cluster-domain", config.clusterDomain],
  ];
}
