import type { ClusterView } from "./cluster-view.ts";

/** The name of our table in each family. */
export const TABLE = "fairlead-podnetwork";

/**
 * The nft commands, to be run as one transaction, after which pods of this node show the node's address to the world.
 *
 * Inside the cluster, pods and nodes see the pod's own. Multicast is left alone. The whole table is written each time:
 * it is small, and nodes change rarely.
 */
export function masqueradeCommands({ family, podCIDRs, remotes, nodeAddresses }: ClusterView): readonly string[] {
  const table = `${family} ${TABLE}`;
  const type = family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const inside = [...podCIDRs, ...remotes.map(({ podCIDR }) => podCIDR), ...nodeAddresses];
  const elements = (name: string, all: readonly string[]) =>
    all.length === 0 ? [] : [`add element ${table} ${name} { ${[...new Set(all)].join(", ")} }`];
  const multicast = family === "ip" ? "224.0.0.0/4" : "ff00::/8";
  return [
    `add table ${table}`,
    `delete table ${table}`,
    `add table ${table}`,
    `add set ${table} pods { type ${type}; flags interval; }`,
    `add set ${table} cluster { type ${type}; flags interval; }`,
    ...elements("pods", podCIDRs),
    ...elements("cluster", inside),
    `add chain ${table} postrouting { type nat hook postrouting priority 100; }`,
    `add rule ${table} postrouting ${family} saddr @pods ${family} daddr != @cluster ` +
      `${family} daddr != ${multicast} masquerade fully-random`,
  ];
}
