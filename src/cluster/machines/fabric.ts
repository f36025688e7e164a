import { runCommand } from "../../lib/run-command.ts";
import { prefixLengthOf } from "../description/addresses.ts";
import type { ClusterConfig } from "../description/cluster-config.ts";
import { gatewayAddress, hostAddress } from "../description/cluster-config.ts";
import { type ClusterIdentity, fabricNetnsName, hostLinkName } from "../description/cluster-names.ts";
import type { Journal } from "../journal/journal.ts";
import { hardwareAddress } from "./hardware-address.ts";

/** The network that joins a cluster's machines: a bridge in a network namespace of its own. */
export interface Fabric {
  /** Path of the namespace, for `nsenter --net=`. */
  readonly netns: string;
  readonly netnsName: string;
}

const BRIDGE = "fabric";

/** The fabric of a cluster, made or not. */
export function fabricOf(cluster: ClusterIdentity): Fabric {
  const netnsName = fabricNetnsName(cluster);
  return { netnsName, netns: `/run/netns/${netnsName}` };
}

/** Makes the namespace and its bridge, or finds them made. Forwarding is turned on in it, and only in it. */
export async function ensureFabric(config: ClusterConfig, journal: Journal): Promise<Fabric> {
  const fabric = fabricOf(config);
  await journal.add({ type: "netns", name: fabric.netnsName });
  if (!(await exists(fabric))) await runCommand("ip", ["netns", "add", fabric.netnsName]);
  const address = `${gatewayAddress(config)}/${prefixLengthOf(config.nodeCIDR)}`;
  await inFabric(
    fabric,
    [
      // A bridge without an address of its own changes it with its ports.
      `ip link show ${BRIDGE} >/dev/null 2>&1 || ip link add ${BRIDGE} address ${hardwareAddress(gatewayAddress(config))} type bridge`,
      batch([
        "link set lo up",
        `address replace ${address} dev ${BRIDGE}`,
        `link set ${BRIDGE} up`,
        // A packet to a pod or a Service that is not there must not leave by the uplink: it is for nobody out there.
        ...[config.podCIDR, config.serviceCIDR].map((cidr) => `route replace unreachable ${cidr}`),
      ]),
      "echo 1 > /proc/sys/net/ipv4/ip_forward",
    ].join("\n"),
  );
  return fabric;
}

async function exists(fabric: Fabric): Promise<boolean> {
  const names = await runCommand("ip", ["netns", "list"]);
  return names.split("\n").some((line) => line.split(" ")[0] === fabric.netnsName);
}

/** How one machine hangs on the fabric. */
export interface FabricPort {
  /** Of the node, from 0. */
  readonly index: number;
  /** The node's address with its network's prefix: `172.30.0.11/24`. */
  readonly cidr: string;
  /** The way to everything that is not on the fabric. */
  readonly gateway: string;
  /** One that the machine has besides, whatever becomes of the node's. */
  readonly lasting?: string;
}

/** Plugs a machine's network namespace, given by one of its processes, into the fabric. */
export async function connectMachine(fabric: Fabric, pid: number, machine: FabricPort): Promise<void> {
  const port = `node${machine.index}`;
  const [address = ""] = machine.cidr.split("/");
  // A port left over from a machine that is gone would keep the name; it is a link of a dead namespace at best.
  await inFabric(
    fabric,
    [
      `ip link delete ${port} 2>/dev/null || true`,
      batch([
        `link add ${port} type veth peer name eth0 address ${hardwareAddress(address)} netns ${pid}`,
        `link set ${port} master ${BRIDGE} up`,
      ]),
    ].join("\n"),
  );
  await runCommand("nsenter", ["--net", "--target", String(pid), "sh", "-euc", machineLink(machine)]);
}

function machineLink({ cidr, gateway, lasting }: FabricPort): string {
  const address = lasting === undefined ? [] : [`address add ${lasting}/32 dev lo`];
  return [
    batch([
      "link set lo up",
      `address add ${cidr} dev eth0`,
      "link set eth0 up",
      ...address,
      `route replace default via ${gateway}`,
    ]),
    ...(lasting === undefined ? [] : answerOnAnyDevice),
  ].join("\n");
}

/** The lasting address is on the loopback interface, where nothing takes it away: neighbours may ask for it on any. */
const answerOnAnyDevice: readonly string[] = ["all", "eth0"].map(
  (device) => `echo 0 > /proc/sys/net/ipv4/conf/${device}/arp_ignore`,
);

/** A shell command that runs many of `ip` in one process, and stops at the first that fails. */
function batch(commands: readonly string[]): string {
  return ["ip -batch - <<'COMMANDS'", ...commands, "COMMANDS"].join("\n");
}

/**
 * Gives the host one interface on the fabric. The host gets no bridge, no firewall rule and no sysctl.
 *
 * @returns the interface's name.
 */
export async function ensureHostLink(config: ClusterConfig, fabric: Fabric, journal: Journal): Promise<string> {
  const name = hostLinkName(config);
  const address = hostAddress(config);
  const link = `ip link add ${name} address ${hardwareAddress(address)} type veth peer name host netns ${fabric.netnsName}`;
  await journal.add({ type: "link", name });
  await runCommand("sh", [
    "-euc",
    [
      `ip link show ${name} >/dev/null 2>&1 || ${link}`,
      batch([`address replace ${address}/${prefixLengthOf(config.nodeCIDR)} dev ${name}`, `link set ${name} up`]),
    ].join("\n"),
  ]);
  await inFabric(fabric, `ip link set host master ${BRIDGE} up`);
  return name;
}

/** Runs a shell script in the fabric's network namespace, everything else being the host's. */
async function inFabric(fabric: Fabric, script: string): Promise<void> {
  await runCommand("nsenter", [`--net=${fabric.netns}`, "sh", "-euc", script]);
}
