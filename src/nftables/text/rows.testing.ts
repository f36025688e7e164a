/** Each word of the vocabulary with its text: compared in the text test, and given to the real nft in the lab. */
import type { Field } from "../words/field.ts";
import type { Action, Condition, ConnectionState, IcmpMessage, Refusal, Rule } from "../words/rule.ts";
import type { Family, Hook, KeyPart, NamedSet } from "../words/ruleset.ts";

/** A rule and its text. Rules name chains `c`, `d`; sets `pairs`, `clients`; maps `verdicts`, `ports`. */
export interface RuleRow {
  readonly rule: Rule;
  /** Default: `ip`. */
  readonly family?: Family;
  /** Type and hook of a chain that may have such a rule. Default: a filter at prerouting. */
  readonly hook?: Pick<Hook, "type" | "hook">;
  readonly want: string;
}

const forward = { type: "filter", hook: "forward" } as const;
const translating = { type: "nat", hook: "prerouting" } as const;
const leaving = { type: "nat", hook: "postrouting" } as const;
const drop = { do: "drop" } as const;
const address: readonly Field[] = ["source address"];
const pair: readonly Field[] = ["source address", "destination address"];
const nodePort: readonly Field[] = ["protocol", "destination port"];

const verdictRows: readonly RuleRow[] = [
  { rule: { match: [], action: { do: "jump", chain: "c" } }, want: "jump c" },
  { rule: { match: [], action: { do: "goto", chain: "c" } }, want: "goto c" },
  { rule: { match: [], action: { do: "accept" } }, want: "accept" },
  { rule: { match: [], action: { do: "drop" } }, want: "drop" },
  { rule: { match: [], action: { do: "return" } }, want: "return" },
  {
    rule: { match: [], action: { do: "look up", key: nodePort, map: "verdicts" } },
    want: "meta l4proto . th dport vmap @verdicts",
  },
  {
    rule: { match: [], action: { do: "choose", chains: ["c", "d"] } },
    want: "numgen random mod 2 vmap { 0 : goto c, 1 : goto d }",
  },
  { rule: { match: [], action: { do: "reject" } }, want: "reject" },
  {
    rule: {
      match: [{ is: "one of", field: "protocol", values: ["tcp"] }],
      action: { do: "reject", with: "tcp reset" },
    },
    want: "meta l4proto tcp reject with tcp reset",
  },
  {
    rule: { match: [], action: { do: "reject", with: "port unreachable" } },
    hook: forward,
    want: "reject with icmp type port-unreachable",
  },
  {
    rule: { match: [], action: { do: "reject", with: "port unreachable" } },
    family: "ip6",
    hook: forward,
    want: "reject with icmpv6 type port-unreachable",
  },
  {
    rule: { match: [], action: { do: "reject", with: "administratively prohibited" } },
    hook: forward,
    want: "reject with icmp type admin-prohibited",
  },
  {
    rule: { match: [], action: { do: "reject", with: "administratively prohibited" } },
    family: "ip6",
    hook: forward,
    want: "reject with icmpv6 type admin-prohibited",
  },
  {
    rule: { match: [], action: { do: "reject", with: "no route" } },
    hook: forward,
    want: "reject with icmp type net-unreachable",
  },
  {
    rule: { match: [], action: { do: "reject", with: "no route" } },
    family: "ip6",
    hook: forward,
    want: "reject with icmpv6 type no-route",
  },
];

const effectRows: readonly RuleRow[] = [
  {
    rule: {
      match: [],
      action: {
        do: "translate",
        key: ["destination address", "destination port"],
        protocol: "udp",
        map: "endpoints",
        count: 3,
      },
    },
    hook: translating,
    want: "dnat ip to ip daddr . udp dport . numgen random mod 3 map @endpoints",
  },
  {
    rule: {
      match: [],
      action: { do: "translate", key: ["destination port"], protocol: "udp", map: "ports", count: 1 },
    },
    family: "ip6",
    hook: translating,
    want: "dnat ip6 to udp dport . numgen random mod 1 map @ports",
  },
  {
    rule: {
      match: [{ is: "one of", field: "protocol", values: ["tcp"] }],
      action: { do: "translate to", endpoint: "10.0.0.2 . 80" },
    },
    hook: translating,
    want: "meta l4proto tcp dnat to 10.0.0.2:80",
  },
  {
    rule: {
      match: [{ is: "one of", field: "protocol", values: ["tcp"] }],
      action: { do: "translate to", endpoint: "fd00::2 . 80" },
    },
    family: "ip6",
    hook: translating,
    want: "meta l4proto tcp dnat to [fd00::2]:80",
  },
  {
    rule: { match: [{ is: "translated" }], action: { do: "masquerade" } },
    hook: leaving,
    want: "ct status dnat masquerade fully-random",
  },
  { rule: { match: [], action: { do: "masquerade", keepsPort: true } }, hook: leaving, want: "masquerade" },
  {
    rule: { match: [], action: { do: "remember", key: address, set: "clients" } },
    want: "update @clients { ip saddr }",
  },
  { rule: { match: [], action: { do: "mark", bits: 0x4000 } }, want: "meta mark set meta mark or 16384" },
  {
    rule: { match: [{ is: "marked", bits: 0x4000 }], action: { do: "unmark", bits: 0x4000 } },
    want: "meta mark and 16384 != 0 meta mark set meta mark and 4294950911",
  },
  { rule: { match: [], action: { do: "trace" } }, want: "meta nftrace set 1" },
  { rule: { match: [], action: { do: "count" } }, want: "counter" },
  {
    rule: { match: [], action: drop, counter: true, comment: "policy shop/web" },
    want: 'counter drop comment "policy shop/web"',
  },
];

const conditionRows: readonly RuleRow[] = [
  {
    rule: { match: [{ is: "connection", states: ["new"] }], action: { do: "goto", chain: "c" } },
    want: "ct state new goto c",
  },
  {
    rule: { match: [{ is: "connection", states: ["invalid", "untracked"] }], action: drop },
    want: "ct state invalid,untracked drop",
  },
  {
    rule: { match: [{ is: "connection", states: ["established", "related"] }], action: { do: "accept" } },
    hook: forward,
    want: "ct state established,related accept",
  },
  {
    rule: {
      match: [
        { is: "local", field: "destination address" },
        { is: "loopback", field: "destination address", not: true },
      ],
      action: drop,
    },
    want: "fib daddr type local ip daddr != 127.0.0.0/8 drop",
  },
  {
    rule: { match: [{ is: "loopback", field: "original destination address" }], action: drop },
    family: "ip6",
    want: "ct original ip6 daddr ::1 drop",
  },
  {
    rule: { match: [{ is: "local", field: "source address", not: true }], action: drop },
    want: "fib saddr type != local drop",
  },
  {
    rule: { match: [{ is: "icmp", message: "port unreachable" }], action: drop },
    want: "icmp type destination-unreachable icmp code port-unreachable drop",
  },
  {
    rule: { match: [{ is: "icmp", message: "port unreachable" }], action: drop },
    family: "ip6",
    want: "icmpv6 type destination-unreachable icmpv6 code port-unreachable drop",
  },
  { rule: { match: [{ is: "icmp", message: "echo request" }], action: drop }, want: "icmp type echo-request drop" },
  {
    rule: { match: [{ is: "icmp", message: "neighbor discovery" }], action: { do: "accept" } },
    family: "ip6",
    want: "icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept",
  },
  {
    rule: { match: [{ is: "in set", key: pair, set: "pairs" }], action: drop },
    family: "ip6",
    want: "ip6 saddr . ip6 daddr @pairs drop",
  },
  {
    rule: { match: [{ is: "in set", key: [...pair, ...nodePort], set: "peers", not: true }], action: drop },
    want: "ip saddr . ip daddr . meta l4proto . th dport != @peers drop",
  },
];

const fieldRows: readonly RuleRow[] = [
  { rule: oneOf("source address", "10.0.0.0/8"), want: "ip saddr 10.0.0.0/8 drop" },
  {
    rule: {
      match: [{ is: "one of", field: "destination address", values: ["fd00::/8", "fe80::1"], not: true }],
      action: drop,
    },
    family: "ip6",
    want: "ip6 daddr != { fd00::/8, fe80::1 } drop",
  },
  { rule: oneOf("protocol", "tcp", "udp", "sctp"), want: "meta l4proto { tcp, udp, sctp } drop" },
  { rule: oneOf("source port", 53), want: "th sport 53 drop" },
  { rule: oneOf("destination port", 80, "8000-8999"), want: "th dport { 80, 8000-8999 } drop" },
  { rule: oneOf("input interface", "eth0"), want: 'iifname "eth0" drop' },
  { rule: oneOf("output interface", "eth0", "tap0"), hook: forward, want: 'oifname { "eth0", "tap0" } drop' },
  { rule: oneOf("original source address", "10.0.0.1"), want: "ct original ip saddr 10.0.0.1 drop" },
  { rule: oneOf("original destination address", "10.0.0.0/8"), want: "ct original ip daddr 10.0.0.0/8 drop" },
  { rule: oneOf("original protocol", "udp"), want: "ct original protocol udp drop" },
  {
    rule: {
      match: [...oneOf("original protocol", "udp").match, ...oneOf("original source port", 53).match],
      action: drop,
    },
    want: "ct original protocol udp ct original proto-src 53 drop",
  },
  {
    rule: {
      match: [...oneOf("original protocol", "tcp").match, ...oneOf("original destination port", 53).match],
      action: drop,
    },
    want: "ct original protocol tcp ct original proto-dst 53 drop",
  },
];

export const ruleRows: readonly RuleRow[] = [...verdictRows, ...effectRows, ...conditionRows, ...fieldRows];

/** Declarations of sets and maps, in table `t`; the rules above name some of them. */
export const setRows: readonly { readonly set: NamedSet; readonly family?: Family; readonly want: string }[] = [
  { set: set("pairs", ["address", "address"]), want: "add set ip t pairs { type ipv4_addr . ipv4_addr; }" },
  {
    set: set("pairs", ["address", "address"]),
    family: "ip6",
    want: "add set ip6 t pairs { type ipv6_addr . ipv6_addr; }",
  },
  {
    set: { ...set("clients", ["address"]), timeoutSeconds: 60 },
    want: "add set ip t clients { type ipv4_addr; flags dynamic, timeout; timeout 60s; }",
  },
  {
    set: { ...set("verdicts", ["protocol", "port"]), data: "verdict" },
    want: "add map ip t verdicts { type inet_proto . inet_service : verdict; }",
  },
  {
    set: { ...set("sources", ["address"]), data: "verdict", ranges: true },
    want: "add map ip t sources { type ipv4_addr : verdict; flags interval; }",
  },
  {
    set: { ...set("peers", ["address", "address", "protocol", "port"]), ranges: true },
    want: "add set ip t peers { type ipv4_addr . ipv4_addr . inet_proto . inet_service; flags interval; }",
  },
  {
    set: { ...set("pods", ["interface"]), data: "verdict" },
    want: "add map ip t pods { type ifname : verdict; }",
  },
  {
    set: { ...set("endpoints", ["address", "port", "slot"]), protocol: "udp", data: "endpoint" },
    want: "add map ip t endpoints { typeof ip daddr . udp dport . numgen random mod 2 : ip daddr . udp dport; }",
  },
  {
    set: { ...set("ports", ["port", "slot"]), protocol: "udp", data: "endpoint" },
    family: "ip6",
    want: "add map ip6 t ports { typeof udp dport . numgen random mod 2 : ip6 daddr . udp dport; }",
  },
];

/** Hooks of chains, in table `t`. */
export const hookRows: readonly { readonly hook: Hook; readonly want: string }[] = [
  {
    hook: { type: "nat", hook: "prerouting", priority: -100 },
    want: "add chain ip t c { type nat hook prerouting priority -100; }",
  },
  {
    hook: { type: "filter", hook: "input", priority: 0, policy: "accept" },
    want: "add chain ip t c { type filter hook input priority 0; policy accept; }",
  },
  {
    hook: { type: "filter", hook: "forward", priority: 0, policy: "drop" },
    want: "add chain ip t c { type filter hook forward priority 0; policy drop; }",
  },
  {
    hook: { type: "filter", hook: "output", priority: -110 },
    want: "add chain ip t c { type filter hook output priority -110; }",
  },
  {
    hook: { type: "nat", hook: "postrouting", priority: 100 },
    want: "add chain ip t c { type nat hook postrouting priority 100; }",
  },
];

/** All words there are: the compiler says which is missing here, the text test which has no row. */
export const words = {
  conditions: {
    connection: 1,
    translated: 1,
    marked: 1,
    local: 1,
    loopback: 1,
    icmp: 1,
    "one of": 1,
    "in set": 1,
  } satisfies Words<Condition["is"]>,
  actions: {
    jump: 1,
    goto: 1,
    accept: 1,
    drop: 1,
    return: 1,
    "look up": 1,
    translate: 1,
    "translate to": 1,
    choose: 1,
    remember: 1,
    mark: 1,
    unmark: 1,
    masquerade: 1,
    reject: 1,
    trace: 1,
    count: 1,
  } satisfies Words<Action["do"]>,
  fields: {
    "source address": 1,
    "destination address": 1,
    protocol: 1,
    "source port": 1,
    "destination port": 1,
    "input interface": 1,
    "output interface": 1,
    "original source address": 1,
    "original destination address": 1,
    "original protocol": 1,
    "original source port": 1,
    "original destination port": 1,
  } satisfies Words<Field>,
  refusals: {
    "tcp reset": 1,
    "port unreachable": 1,
    "administratively prohibited": 1,
    "no route": 1,
  } satisfies Words<Refusal>,
  messages: { "port unreachable": 1, "echo request": 1, "neighbor discovery": 1 } satisfies Words<IcmpMessage>,
  states: { new: 1, established: 1, related: 1, invalid: 1, untracked: 1 } satisfies Words<ConnectionState>,
  keyParts: { address: 1, protocol: 1, port: 1, slot: 1, interface: 1 } satisfies Words<KeyPart>,
  hooks: { prerouting: 1, input: 1, forward: 1, output: 1, postrouting: 1 } satisfies Words<Hook["hook"]>,
};

type Words<Word extends string> = Readonly<Record<Word, 1>>;

function oneOf(field: Field, ...values: [string | number, ...(string | number)[]]): Rule {
  return { match: [{ is: "one of", field, values }], action: drop };
}

function set(name: string, key: readonly KeyPart[]): NamedSet {
  return { object: "set", name, key };
}
