import type { Chain, Protocol, Rule } from "../../nftables/words/ruleset.ts";
import type { Role } from "./frontends.ts";

export interface SharedChain {
  readonly chain: Chain;
  /** The map whose slots the chain chooses from. */
  readonly endpointsMap: string;
}

/**
 * The chain that translates for every frontend of a role and protocol with `count` endpoints, named for all three: `cluster-tcp-3`.
 *
 * Only the number of slots to choose from depends on the count, so that 10,000 Services need a handful of chains.
 */
export function sharedChain(role: Role, protocol: Protocol, count: number): SharedChain {
  const name = `${role}-${protocol}-${count}`;
  const known = chains.get(name);
  if (known !== undefined) return known;
  const endpointsMap = `${endpointsMapOf[role]}-${protocol}`;
  const key = role.startsWith("node-port-") ? "node port" : "frontend";
  const translate: Rule = { match: [], action: { do: "translate", key, protocol, map: endpointsMap, count } };
  const chain: Chain = { object: "chain", name, rules: [...markRules(role), translate] };
  const made = { chain, endpointsMap };
  chains.set(name, made);
  return made;
}

/** Marks for masquerading what the role says. */
export function markRules(role: Role): readonly Rule[] {
  switch (role) {
    case "external":
    case "node-port-external":
      return [{ match: [], action: { do: "mark" } }];
    case "cluster":
    case "node-port-cluster":
      return [{ match: [{ is: "in set", key: "source", set: "pod-cidrs", not: true }], action: { do: "mark" } }];
    case "local":
    case "node-port-local":
      return [];
  }
}

/** Each made once: 10,000 Services then share the objects, and comparing them is comparing references. */
const chains = new Map<string, SharedChain>();

const endpointsMapOf: Readonly<Record<Role, string>> = {
  cluster: "endpoints",
  external: "endpoints",
  local: "local-endpoints",
  "node-port-cluster": "node-port-endpoints",
  "node-port-external": "node-port-endpoints",
  "node-port-local": "local-node-port-endpoints",
};
