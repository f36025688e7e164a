import { existsSync } from "node:fs";
import { readKernelFile } from "@fairlead/lib/read-kernel-file";
import { runCommand } from "@fairlead/lib/run-command";
import { prefixLengthOf } from "../description/addresses.ts";
import type { ClusterConfig } from "../description/cluster-config.ts";
import { gatewayAddress, hostAddress } from "../description/cluster-config.ts";
import { type ClusterIdentity, fabricNetnsName, hostLinkName } from "../description/cluster-names.ts";
import type { Journal } from "../journal/journal.ts";
import { hardwareAddress } from "./hardware-address.ts";
import { runIpBatch } from "./ip-batch.ts";

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
  if (!existsSync(fabric.netns)) await runCommand("ip", ["netns", "add", fabric.netnsName]);
  const address = `${gatewayAddress(config)}/${prefixLengthOf(config.nodeCIDRs[0])}`;
  // A bridge without an address of its own changes it with its ports.
  const bridge = `link add ${BRIDGE} address ${hardwareAddress(gatewayAddress(config))} type bridge`;
  await inFabric(fabric, [
    ...batch([
      `has_link ${BRIDGE} || echo '${bridge}'`,
      ...echoes([
        "link set lo up",
        `address replace ${address} dev ${BRIDGE}`,
        `link set ${BRIDGE} up`,
        // A packet to a pod or a Service that is not there must not leave by the uplink: its address means nothing there.
        ...[...config.podCIDRs, ...config.serviceCIDRs].map((cidr) => `route replace unreachable ${cidr}`),
      ]),
    ]),
    "echo 1 > /proc/sys/net/ipv4/ip_forward",
  ]);
  return fabric;
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

/** Plugs a machine's network namespace, given by one of its processes, into the fabric: it has a link `eth0` then. */
export async function connectMachine(fabric: Fabric, pid: number, { index, cidr }: FabricPort): Promise<void> {
  const port = `node${index}`;
  const [address = ""] = cidr.split("/");
  await inFabric(
    fabric,
    batch([
      // A port left over from a machine that is gone would keep the name; it is a link of a dead namespace at best.
      `! has_link ${port} || echo 'link delete ${port}'`,
      ...echoes([
        `link add ${port} type veth peer name eth0 address ${hardwareAddress(address)} netns ${pid}`,
        `link set ${port} master ${BRIDGE} up`,
      ]),
    ]),
  );
}

/** Shell commands that give a machine its addresses, to be run in its network namespace once it is connected. */
export function machineLinkScript({ cidr, gateway, lasting }: FabricPort): readonly string[] {
  const address = lasting === undefined ? [] : [`address add ${lasting}/32 dev lo`];
  return [
    ...batch(
      echoes([
        "link set lo up",
        `address add ${cidr} dev eth0`,
        "link set eth0 up",
        ...address,
        `route replace default via ${gateway}`,
      ]),
    ),
    ...(lasting === undefined ? [] : answerOnAnyDevice),
  ];
}

/** The lasting address is on the loopback interface, where nothing takes it away: neighbours may ask for it on any. */
const answerOnAnyDevice: readonly string[] = ["all", "eth0"].map(
  (device) => `echo 0 > /proc/sys/net/ipv4/conf/${device}/arp_ignore`,
);

/** Shell commands that run what others print as commands of one `ip`, which stops at the first that fails. */
function batch(printing: readonly string[]): readonly string[] {
  return ["{", ...printing, "} | ip -batch -"];
}

function echoes(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `echo '${line}'`);
}

/** A shell function: whether the network namespace has a link of this name. It starts no program. */
const HAS_LINK = [
  "has_link() {",
  '  while read -r name rest; do [ "$name" != "$1:" ] || return 0; done < /proc/net/dev',
  "  return 1",
  "}",
];

/** Runs a shell script in the fabric's network namespace, everything else being the host's. */
async function inFabric(fabric: Fabric, script: readonly string[]): Promise<void> {
  await runCommand("nsenter", [`--net=${fabric.netns}`, "sh", "-euc", [...HAS_LINK, ...script].join("\n")]);
}

/**
 * Gives the host one interface on the fabric. The host gets no bridge, no firewall rule and no sysctl.
 *
 * @returns the interface's name.
 */
export async function ensureHostLink(config: ClusterConfig, fabric: Fabric, journal: Journal): Promise<string> {
  const name = hostLinkName(config);
  const address = hostAddress(config);
  const link = `link add ${name} address ${hardwareAddress(address)} type veth peer name host netns ${fabric.netnsName}`;
  await journal.add({ type: "link", name });
  await runIpBatch([
    ...(hasLink(name) ? [] : [link]),
    `address replace ${address}/${prefixLengthOf(config.nodeCIDRs[0])} dev ${name}`,
    `link set ${name} up`,
  ]);
  await runCommand("nsenter", [`--net=${fabric.netns}`, "ip", "link", "set", "host", "master", BRIDGE, "up"]);
  return name;
}

function hasLink(name: string): boolean {
  const devices = readKernelFile("/proc/self/net/dev") ?? "";
  return devices.split("\n").some((line) => line.trimStart().startsWith(`${name}:`));
}
