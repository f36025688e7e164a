import type { Rule } from "@fairlead/nftables/words/rule";
import type { Chain, Element, Family, NamedSet, NftObject, Table } from "@fairlead/nftables/words/ruleset";
import type { ClusterView } from "./cluster-view.ts";

/** The pod network's table in a family. */
export function masqueradeTable(family: Family): Table {
  return { family, name: "fairlead-podnetwork" };
}

/**
 * The contents of the table: with it, pods of this node show the node's address to the world.
 *
 * Inside the cluster, pods and nodes see the pod's own. Multicast is left alone.
 */
export function masqueradeRuleset(view: ClusterView): readonly NftObject[] {
  return [...masqueradeSets, ...masqueradeElements(view), postrouting(view.family)];
}

/** Addresses of this node's pods, and of all pods and nodes. */
export const masqueradeSets: readonly NamedSet[] = (["pods", "cluster"] as const).map((name) => ({
  object: "set",
  name,
  key: ["address"],
  ranges: true,
}));

/** The elements of both sets: only they differ from node to node. */
export function masqueradeElements({ podCIDRs, remotes, nodeAddresses }: ClusterView): readonly Element[] {
  const cluster = [...podCIDRs, ...remotes.map(({ podCIDR }) => podCIDR), ...nodeAddresses];
  return [...elements("pods", podCIDRs), ...elements("cluster", cluster)];
}

const MULTICAST = { ip: "224.0.0.0/4", ip6: "ff00::/8" } as const;

function postrouting(family: Family): Chain {
  const rule: Rule = {
    match: [
      { is: "in set", key: ["source address"], set: "pods" },
      { is: "in set", key: ["destination address"], set: "cluster", not: true },
      { is: "one of", field: "destination address", values: [MULTICAST[family]], not: true },
    ],
    action: { do: "masquerade" },
  };
  return {
    object: "chain",
    name: "postrouting",
    hook: { type: "nat", hook: "postrouting", priority: 100 },
    rules: [rule],
  };
}

function elements(set: string, keys: readonly string[]): readonly Element[] {
  return [...new Set(keys)].map((key) => ({ object: "element", set, key, value: "" }));
}
