import type { ClusterView, Family } from "./cluster-view.ts";

/** The name of our table in each family. */
export const TABLE = "fairlead-podnetwork";

/**
 * The nft commands, to be run as one transaction, that make the table: after it, pods of this node show the node's address to
 * the world. There must be no table yet.
 *
 * Inside the cluster, pods and nodes see the pod's own. Multicast is left alone.
 */
export function masqueradeCommands(view: ClusterView): readonly string[] {
  const { family } = view;
  const table = tableOf(family);
  const type = family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const multicast = family === "ip" ? "224.0.0.0/4" : "ff00::/8";
  return [
    `add table ${table}`,
    ...SETS.map((name) => `add set ${table} ${name} { type ${type}; flags interval; }`),
    ...elementCommands(view),
    `add chain ${table} postrouting { type nat hook postrouting priority 100; }`,
    `add rule ${table} postrouting ${family} saddr @pods ${family} daddr != @cluster ` +
      `${family} daddr != ${multicast} masquerade fully-random`,
  ];
}

/** The same for a table that was made by {@link masqueradeCommands}: only its elements differ from node to node. */
export function elementUpdateCommands(view: ClusterView): readonly string[] {
  return [...SETS.map((name) => `flush set ${tableOf(view.family)} ${name}`), ...elementCommands(view)];
}

/** Takes the table away, whatever is in it. */
export function deleteTableCommands(family: Family): readonly string[] {
  // Deleting what is not there would fail: made first, it always is.
  return [`add table ${tableOf(family)}`, `delete table ${tableOf(family)}`];
}

/** Of this node's pods, and of all pods and nodes. */
const SETS = ["pods", "cluster"] as const;

function elementCommands({ family, podCIDRs, remotes, nodeAddresses }: ClusterView): readonly string[] {
  const elements: Readonly<Record<(typeof SETS)[number], readonly string[]>> = {
    pods: podCIDRs,
    cluster: [...podCIDRs, ...remotes.map(({ podCIDR }) => podCIDR), ...nodeAddresses],
  };
  return SETS.flatMap((name) =>
    elements[name].length === 0
      ? []
      : [`add element ${tableOf(family)} ${name} { ${[...new Set(elements[name])].join(", ")} }`],
  );
}

function tableOf(family: Family): string {
  return `${family} ${TABLE}`;
}
