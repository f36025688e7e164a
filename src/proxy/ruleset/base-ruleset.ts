import type { Field, Protocol } from "@fairlead/nftables/words/field";
import type { Condition, Rule } from "@fairlead/nftables/words/rule";
import type { Chain, Element, Hook, NamedSet, NftObject } from "@fairlead/nftables/words/ruleset";
import { FRONTEND, MASQUERADE_MARK, NODE_PORT } from "./packet-fields.ts";

/** What the part of the ruleset that no Service changes depends on. */
export interface BaseOptions {
  /** Ranges of the Services' addresses, of this table's family. */
  readonly serviceCIDRs: readonly string[];
  /** Ranges of the pods on this node, of this table's family: their traffic keeps its source. */
  readonly podCIDRs: readonly string[];
  /**
   * Verdict for a packet to an address of the Service range that no Service has. `drop` as upstream does; `reject`
   * while the Services are still being loaded, so that nothing meant for a Service leaves the node.
   */
  readonly unallocated: "reject" | "drop";
}

/** Filters that look at the packet as it was sent come before the translation at -100, the others after it. */
const BEFORE_TRANSLATION = -110;
const TRANSLATION = -100;
const AFTER_TRANSLATION = -90;
const SOURCE_TRANSLATION = 100;

const PROTOCOLS: readonly Protocol[] = ["tcp", "udp", "sctp"];

/** An address of this node, but not a loopback one. */
const forThisNode: readonly Condition[] = [
  { is: "local", field: "destination address" },
  { is: "loopback", field: "destination address", not: true },
];
const newConnection: Condition = { is: "connection", states: ["new"] };

/** Neither a pod of this node nor the node itself: what `externalTrafficPolicy: Local` is about. */
const fromOutside: readonly Condition[] = [
  { is: "local", field: "source address", not: true },
  { is: "in set", key: ["source address"], set: "pod-cidrs", not: true },
];

/**
 * The hooks, the order in which a packet meets the maps, and the maps themselves, still empty.
 *
 * ```
 * first packet of a connection
 *   -110  check          closed to its source, or no endpoints: drop, reject
 *   -100  services       outside-services, services, node-ports -> a chain that translates
 *    -90  service-range  still for a Service address: no such port, no such Service
 *   +100  masquerade     marked, or a pod that reaches itself
 * ```
 */
export function baseRuleset(options: BaseOptions): readonly NftObject[] {
  return [...namedSets, ...hookChains, ...checkChains, ...serviceChains, ...endChains(options), ...ranges(options)];
}

const namedSets: readonly NamedSet[] = [
  { object: "set", name: "services", key: ["address", "protocol", "port"], data: "verdict" },
  { object: "set", name: "outside-services", key: ["address", "protocol", "port"], data: "verdict" },
  { object: "set", name: "no-endpoints", key: ["address", "protocol", "port"], data: "verdict" },
  { object: "set", name: "outside-no-endpoints", key: ["address", "protocol", "port"], data: "verdict" },
  { object: "set", name: "node-ports", key: ["protocol", "port"], data: "verdict" },
  { object: "set", name: "outside-node-ports", key: ["protocol", "port"], data: "verdict" },
  { object: "set", name: "no-endpoints-node-ports", key: ["protocol", "port"], data: "verdict" },
  { object: "set", name: "outside-no-endpoints-node-ports", key: ["protocol", "port"], data: "verdict" },
  // Per protocol, because nft 1.0.6 cannot use again what it once declared by "the port of any protocol".
  ...PROTOCOLS.flatMap((protocol): readonly NamedSet[] => [
    { object: "set", name: `endpoints-${protocol}`, key: ["address", "port", "slot"], protocol, data: "endpoint" },
    {
      object: "set",
      name: `local-endpoints-${protocol}`,
      key: ["address", "port", "slot"],
      protocol,
      data: "endpoint",
    },
    { object: "set", name: `node-port-endpoints-${protocol}`, key: ["port", "slot"], protocol, data: "endpoint" },
    { object: "set", name: `local-node-port-endpoints-${protocol}`, key: ["port", "slot"], protocol, data: "endpoint" },
  ]),
  { object: "set", name: "restricted", key: ["address", "protocol", "port"] },
  { object: "set", name: "allowed-sources", key: ["address", "address", "protocol", "port"], ranges: true },
  { object: "set", name: "hairpins", key: ["address", "address"] },
  { object: "set", name: "cluster-ips", key: ["address"] },
  { object: "set", name: "pod-cidrs", key: ["address"], ranges: true },
  { object: "set", name: "service-cidrs", key: ["address"], ranges: true },
];

/** A stray packet is not translated, and must not leave the node; a reset for it could end a connection that is well. */
const rangeRules: readonly Rule[] = [
  jump("service-range", newConnection),
  rule(
    { do: "drop" },
    { is: "connection", states: ["invalid", "untracked"] },
    inSet(["destination address"], "service-cidrs"),
  ),
];

const hookChains: readonly Chain[] = [
  hooked("check-prerouting", ["filter", "prerouting", BEFORE_TRANSLATION], [jump("check", newConnection)]),
  hooked("check-output", ["filter", "output", BEFORE_TRANSLATION], [jump("check", newConnection)]),
  hooked("services-prerouting", ["nat", "prerouting", TRANSLATION], [jump("service")]),
  hooked("services-output", ["nat", "output", TRANSLATION], [jump("service")]),
  hooked("range-prerouting", ["filter", "prerouting", AFTER_TRANSLATION], rangeRules),
  hooked("range-output", ["filter", "output", AFTER_TRANSLATION], rangeRules),
  hooked(
    "masquerade-postrouting",
    ["nat", "postrouting", SOURCE_TRANSLATION],
    [
      rule({ do: "goto", chain: "masquerade-marked" }, { is: "marked", bits: MASQUERADE_MARK }),
      rule({ do: "masquerade" }, { is: "translated" }, inSet(["source address", "destination address"], "hairpins")),
    ],
  ),
];

const checkChains: readonly Chain[] = [
  chain("check", [
    rule({ do: "drop" }, inSet(FRONTEND, "restricted"), {
      ...inSet(["source address", ...FRONTEND], "allowed-sources"),
      not: true,
    }),
    rule({ do: "look up", key: FRONTEND, map: "outside-no-endpoints" }, ...fromOutside),
    rule({ do: "look up", key: FRONTEND, map: "no-endpoints" }),
    rule({ do: "goto", chain: "check-node-port" }, ...forThisNode),
  ]),
  chain("check-node-port", [
    rule({ do: "look up", key: NODE_PORT, map: "outside-no-endpoints-node-ports" }, ...fromOutside),
    rule({ do: "look up", key: NODE_PORT, map: "no-endpoints-node-ports" }),
  ]),
];

const serviceChains: readonly Chain[] = [
  chain("service", [
    rule({ do: "look up", key: FRONTEND, map: "outside-services" }, ...fromOutside),
    rule({ do: "look up", key: FRONTEND, map: "services" }),
    rule({ do: "goto", chain: "node-port" }, ...forThisNode),
  ]),
  chain("node-port", [
    rule({ do: "look up", key: NODE_PORT, map: "outside-node-ports" }, ...fromOutside),
    rule({ do: "look up", key: NODE_PORT, map: "node-ports" }),
  ]),
];

function endChains({ unallocated }: BaseOptions): readonly Chain[] {
  const refuse: Rule["action"] = unallocated === "drop" ? { do: "drop" } : { do: "goto", chain: "refuse" };
  return [
    chain("service-range", [
      rule({ do: "goto", chain: "refuse" }, inSet(["destination address"], "cluster-ips")),
      rule(refuse, inSet(["destination address"], "service-cidrs")),
    ]),
    // A reset is not rate-limited as ICMP is, so that many refused connections are all refused at once.
    chain("refuse", [
      rule({ do: "reject", with: "tcp reset" }, { is: "one of", field: "protocol", values: ["tcp"] }),
      rule({ do: "reject" }),
    ]),
    chain("masquerade-marked", [rule({ do: "unmark", bits: MASQUERADE_MARK }), rule({ do: "masquerade" })]),
  ];
}

function ranges({ podCIDRs, serviceCIDRs }: BaseOptions): readonly Element[] {
  return [
    ...podCIDRs.map((key): Element => ({ object: "element", set: "pod-cidrs", key, value: "" })),
    ...serviceCIDRs.map((key): Element => ({ object: "element", set: "service-cidrs", key, value: "" })),
  ];
}

function hooked(
  name: string,
  [type, hook, priority]: [Hook["type"], Hook["hook"], number],
  rules: readonly Rule[],
): Chain {
  return { object: "chain", name, hook: { type, hook, priority }, rules };
}

function chain(name: string, rules: Rule[]): Chain {
  return { object: "chain", name, rules };
}

function rule(action: Rule["action"], ...conditions: Condition[]): Rule {
  return { match: conditions, action };
}

function jump(target: string, ...conditions: Condition[]): Rule {
  return rule({ do: "jump", chain: target }, ...conditions);
}

function inSet(key: readonly Field[], set: string) {
  return { is: "in set", key, set } as const;
}
