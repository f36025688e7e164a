import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Chain, NftObject } from "@fairlead/nftables/words/ruleset";
import { POOL_ANNOTATION } from "../../addresses/wish.ts";
import { parseAddress } from "../../pools/address.ts";

const SET = "addresses";
const PROTOCOLS = ["tcp", "udp", "sctp"] as const;

/**
 * Refuses what comes for a load balancer's address and no Service has translated: the address is one of the machine's own,
 * so programs of the node that listen on all addresses would answer there. Where another machine has the address, the
 * packet would be sent on to it, or back to a router that leads it here.
 *
 * @param addresses - Of one family; those of machines left out.
 * @returns Contents of a table; none without addresses.
 */
export function closedPorts(addresses: readonly string[]): readonly NftObject[] {
  if (addresses.length === 0) return [];
  return [
    { object: "set", name: SET, key: ["address"] },
    ...addresses.map((key): NftObject => ({ object: "element", set: SET, key, value: "" })),
    refusing("input"),
    refusing("forward"),
  ];
}

/**
 * Returns the addresses of pools that Services have. An address of a node is the node's own, though a Service may have it, too.
 *
 * @param services - Of type LoadBalancer.
 */
export function addressesOfPools(services: readonly Service[], nodes: readonly Node[]): readonly string[] {
  const ofNodes = new Set(nodes.flatMap(({ status }) => (status.addresses ?? []).map(({ address }) => address)));
  const all = services.flatMap(({ metadata, status }) =>
    metadata.annotations?.[POOL_ANNOTATION] === undefined
      ? []
      : (status.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) =>
          ip === undefined || ipMode === "Proxy" || parseAddress(ip) === undefined ? [] : [ip],
        ),
  );
  return [...new Set(all)].filter((address) => !ofNodes.has(address));
}

function refusing(hook: "input" | "forward"): Chain {
  return {
    object: "chain",
    name: hook,
    hook: { type: "filter", hook, priority: 0 },
    rules: PROTOCOLS.map((protocol) => ({
      match: [
        // What this machine sends to the address comes from there, and so do the answers lead there.
        { is: "connection", states: ["new"] },
        { is: "one of", field: "protocol", values: [protocol] },
        { is: "in set", key: ["destination address"], set: SET },
      ],
      action: protocol === "tcp" ? { do: "reject", with: "tcp reset" } : { do: "reject" },
    })),
  };
}
