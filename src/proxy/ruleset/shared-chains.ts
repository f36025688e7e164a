import type { Protocol } from "@fairlead/nftables/words/field";
import type { Rule } from "@fairlead/nftables/words/rule";
import type { Chain } from "@fairlead/nftables/words/ruleset";
import type { Role } from "./frontends.ts";
import { MASQUERADE_MARK } from "./packet-fields.ts";

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
  const key = role.startsWith("node-port-") ? NODE_PORT_KEY : FRONTEND_KEY;
  const translate = (slots: number): Rule => ({
    match: [],
    action: { do: "translate", key, protocol, map: endpointsMap, count: slots },
  });
  // The kernel changes all elements at once, but not between two look-ups of one packet: one that has come here with the
  // count of before may choose a slot that is gone. The first slot is there as long as any is.
  const chain: Chain = { object: "chain", name, rules: [...markRules(role), translate(count), translate(1)] };
  const made = { chain, endpointsMap };
  chains.set(name, made);
  return made;
}

/** Marks for masquerading what the role says. */
export function markRules(role: Role): readonly Rule[] {
  switch (role) {
    case "external":
    case "node-port-external":
      return [{ match: [], action: { do: "mark", bits: MASQUERADE_MARK } }];
    case "cluster":
    case "node-port-cluster":
      return [
        {
          match: [{ is: "in set", key: ["source address"], set: "pod-cidrs", not: true }],
          action: { do: "mark", bits: MASQUERADE_MARK },
        },
      ];
    case "local":
    case "node-port-local":
      return [];
  }
}

const FRONTEND_KEY = ["destination address", "destination port"] as const;
const NODE_PORT_KEY = ["destination port"] as const;

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
