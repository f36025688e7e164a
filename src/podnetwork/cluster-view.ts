import type { Node } from "@fairlead/api/core/v1/node/node";
import { isIPv6 } from "@fairlead/lib/ip-family";
import type { Family } from "@fairlead/nftables/words/ruleset";

/** What the nodes mean for the network of this one, in one address family. */
export interface ClusterView {
  readonly family: Family;
  /** Ranges of the pods here; empty until the node has been given one. */
  readonly podCIDRs: readonly string[];
  /** Ranges of the pods elsewhere, with the address of the node to send them to. */
  readonly remotes: readonly { readonly podCIDR: string; readonly via: string }[];
  /** Addresses of all nodes. */
  readonly nodeAddresses: readonly string[];
}

/** Reads the nodes. A node without an address or without a range is not reachable yet, and passed over. */
export function clusterView(nodes: readonly Node[], nodeName: string, family: Family): ClusterView {
  const own = nodes.find(({ metadata }) => metadata.name === nodeName);
  const others = nodes.filter((node) => node !== own).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  return {
    family,
    podCIDRs: own === undefined ? [] : podCIDRsOf(own, family),
    remotes: others.flatMap((node) => {
      const via = internalIPOf(node, family);
      return via === undefined ? [] : podCIDRsOf(node, family).map((podCIDR) => ({ podCIDR, via }));
    }),
    nodeAddresses: nodes.flatMap((node) => internalIPOf(node, family) ?? []).toSorted(),
  };
}

function podCIDRsOf({ spec: { podCIDR, podCIDRs } }: Node, family: Family): readonly string[] {
  return (podCIDRs ?? (podCIDR === undefined ? [] : [podCIDR])).filter((cidr) => familyOf(cidr) === family);
}

function internalIPOf({ status }: Node, family: Family): string | undefined {
  const internal = (status.addresses ?? []).filter(({ type }) => type === "InternalIP");
  return internal.find(({ address }) => familyOf(address) === family)?.address;
}

function familyOf(address: string): Family {
  return isIPv6(address) ? "ip6" : "ip";
}
