import { isIPv6 } from "@fairlead/lib/ip-family";
export interface CniConfigOptions {
  /** Ranges of this node's pods, at most one per address family. */
  readonly podCIDRs: readonly string[];
  /** Where the addresses in use are written down. One per node: nodes of one machine must not share it. */
  readonly dataDir: string;
  /** Size of the largest packet on the pods' interfaces, in bytes. Absent: the kernel's 1500. */
  readonly mtuBytes?: number | undefined;
}

/** The name of the network; the leases are in a folder of this name. */
export const NETWORK_NAME = "fairlead";

/**
 * The CNI network configuration list for this node's pods, as JSON.
 *
 * Every pod gets a link of its own to the node, and everything is routed: no bridge, so that a packet between two pods of
 * one node meets the same rules as any other. Host ports are `portmap`'s.
 *
 * Source: CNI specification 1.0.0; the plugins `ptp`, `host-local` and `portmap` 1.1.
 */
export function cniConfig({ podCIDRs, dataDir, mtuBytes }: CniConfigOptions): string {
  const ipam = {
    type: "host-local",
    dataDir,
    ranges: podCIDRs.map((subnet) => [{ subnet }]),
    routes: podCIDRs.map((cidr) => ({ dst: isIPv6(cidr) ? "::/0" : "0.0.0.0/0" })),
  };
  const plugins = [
    // Masquerading is not the plugin's: it would masquerade traffic between nodes as well.
    { type: "ptp", ipMasq: false, ...(mtuBytes !== undefined && { mtu: mtuBytes }), ipam },
    { type: "portmap", capabilities: { portMappings: true }, snat: true },
  ];
  return `${JSON.stringify({ cniVersion: "1.0.0", name: NETWORK_NAME, plugins }, undefined, 2)}\n`;
}
