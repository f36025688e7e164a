import type { Protocol } from "@fairlead/nftables/words/field";
import { joined } from "@fairlead/nftables/words/field";
import type { Verdict } from "@fairlead/nftables/words/verdict";
import type { Backend, PortMapping } from "../services/service-ports.ts";

const DROP: Verdict = { do: "drop" };
const REFUSE: Verdict = { do: "goto", chain: "refuse" };

/**
 * What a frontend is to the traffic it takes; decides whether the source is kept.
 *
 * - `cluster`: an address, traffic that may go to any node; sources that are not pods of this node are masqueraded.
 * - `external`: an address from outside the cluster; every source is masqueraded, because the answer has to come back here.
 * - `local`: traffic from outside to an endpoint on this node; no source is masqueraded.
 *
 * The `node-port-` ones are the same for a port on every address of the node.
 */
export type Role = "cluster" | "external" | "local" | "node-port-cluster" | "node-port-external" | "node-port-local";

/** One way in: what a packet has to be addressed to, for whom it counts, and where it then may go. */
export interface Frontend {
  readonly role: Role;
  /** `10.96.0.1 . tcp . 80`, or `tcp . 30080`. */
  readonly key: string;
  readonly protocol: Protocol;
  /** The key without the protocol, which the slots of its endpoints begin with. */
  readonly slotKey: string;
  readonly backends: readonly Backend[];
  /** Where the verdict goes when there are backends. */
  readonly verdictMap: string;
  /** Where it goes when there are none, and what it is then. */
  readonly emptyMap: string;
  readonly emptyVerdict: Verdict;
}

/**
 * The ways into a Service port.
 *
 * With external policy Local, outside traffic sees only this node's endpoints, and is dropped where there is none: another
 * node may have one. Pods and the node itself are sent to all, as if they had come in through a node that has one.
 */
export function frontendsOf(mapping: PortMapping): readonly Frontend[] {
  const { protocol, port } = mapping;
  const address = (ip: string) => ({ key: joined(ip, protocol, port), protocol, slotKey: joined(ip, port) });
  const nodePorts = mapping.nodePort === undefined ? [] : [mapping.nodePort];
  return [
    clusterIPFrontend(mapping, address(mapping.clusterIP)),
    ...mapping.externalAddresses.flatMap((ip) => externalFrontends(mapping, address(ip), addressMaps)),
    ...nodePorts.flatMap((nodePort) =>
      externalFrontends(mapping, { key: joined(protocol, nodePort), protocol, slotKey: `${nodePort}` }, nodePortMaps),
    ),
  ];
}

function clusterIPFrontend(mapping: PortMapping, keys: Keys): Frontend {
  const { role, verdictMap, emptyMap } = addressMaps.inside;
  const backends = mapping.internalPolicy === "Local" ? mapping.local : mapping.cluster;
  // Endpoints elsewhere and none here is a matter of policy: dropped, so that a client retries, as upstream has it.
  return { role, ...keys, backends, verdictMap, emptyMap, emptyVerdict: hasAny(mapping) ? DROP : REFUSE };
}

function externalFrontends(mapping: PortMapping, keys: Keys, maps: FrontendMaps): readonly Frontend[] {
  if (mapping.externalPolicy === "Cluster" || !hasAny(mapping)) {
    return [{ ...maps.external, ...keys, backends: mapping.cluster, emptyVerdict: REFUSE }];
  }
  return [
    { ...maps.inside, ...keys, backends: mapping.cluster, emptyVerdict: DROP },
    { ...maps.outside, ...keys, backends: mapping.local, emptyVerdict: DROP },
  ];
}

function hasAny({ cluster, local }: PortMapping): boolean {
  return cluster.length + local.length > 0;
}

type Keys = Pick<Frontend, "key" | "protocol" | "slotKey">;

type FrontendMaps = Readonly<
  Record<"external" | "inside" | "outside", Pick<Frontend, "role" | "verdictMap" | "emptyMap">>
>;

const addressMaps: FrontendMaps = {
  external: { role: "external", verdictMap: "services", emptyMap: "no-endpoints" },
  inside: { role: "cluster", verdictMap: "services", emptyMap: "no-endpoints" },
  outside: { role: "local", verdictMap: "outside-services", emptyMap: "outside-no-endpoints" },
};

const nodePortMaps: FrontendMaps = {
  external: { role: "node-port-external", verdictMap: "node-ports", emptyMap: "no-endpoints-node-ports" },
  inside: { role: "node-port-cluster", verdictMap: "node-ports", emptyMap: "no-endpoints-node-ports" },
  outside: {
    role: "node-port-local",
    verdictMap: "outside-node-ports",
    emptyMap: "outside-no-endpoints-node-ports",
  },
};
