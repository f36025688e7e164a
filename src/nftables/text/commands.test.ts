import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operation } from "../changes/diff.ts";
import type { Element, Family, NamedSet, Rule } from "../words/ruleset.ts";
import { commands } from "./commands.ts";
import { ruleText } from "./rule-text.ts";

const rules: { rule: Rule; family?: Family; want: string }[] = [
  { rule: { match: [], action: { do: "jump", chain: "c" } }, want: "jump c" },
  { rule: { match: [{ is: "new connection" }], action: { do: "goto", chain: "c" } }, want: "ct state new goto c" },
  { rule: { match: [{ is: "stray" }], action: { do: "drop" } }, want: "ct state invalid,untracked drop" },
  {
    rule: { match: [{ is: "translated" }], action: { do: "masquerade" } },
    want: "ct status dnat masquerade fully-random",
  },
  {
    rule: { match: [{ is: "marked" }], action: { do: "unmark" } },
    want: "meta mark and 16384 != 0 meta mark set meta mark and 4294950911",
  },
  {
    rule: { match: [{ is: "for this node" }], action: { do: "drop" } },
    want: "fib daddr type local ip daddr != 127.0.0.0/8 drop",
  },
  {
    rule: { match: [{ is: "for this node" }], action: { do: "drop" } },
    family: "ip6",
    want: "fib daddr type local ip6 daddr != ::1 drop",
  },
  {
    rule: { match: [{ is: "from this node", not: true }], action: { do: "mark" } },
    want: "fib saddr type != local meta mark set meta mark or 16384",
  },
  {
    rule: { match: [{ is: "protocol", protocol: "tcp" }], action: { do: "reset" } },
    want: "meta l4proto tcp reject with tcp reset",
  },
  {
    rule: { match: [{ is: "in set", key: "source and frontend", set: "s", not: true }], action: { do: "reject" } },
    want: "ip saddr . ip daddr . meta l4proto . th dport != @s reject",
  },
  {
    rule: {
      match: [{ is: "in set", key: "source and destination", set: "s" }],
      action: { do: "remember source", set: "r" },
    },
    family: "ip6",
    want: "ip6 saddr . ip6 daddr @s update @r { ip6 saddr }",
  },
  {
    rule: { match: [], action: { do: "look up", key: "node port", map: "m" } },
    want: "meta l4proto . th dport vmap @m",
  },
  {
    rule: { match: [], action: { do: "translate", key: "frontend", protocol: "udp", map: "m", count: 3 } },
    want: "dnat ip to ip daddr . udp dport . numgen random mod 3 map @m",
  },
  {
    rule: { match: [], action: { do: "translate", key: "node port", protocol: "tcp", map: "m", count: 1 } },
    family: "ip6",
    want: "dnat ip6 to tcp dport . numgen random mod 1 map @m",
  },
  {
    rule: { match: [], action: { do: "translate to", endpoint: "fd00::2 . 80" } },
    family: "ip6",
    want: "dnat to [fd00::2]:80",
  },
  {
    rule: { match: [], action: { do: "choose", chains: ["a", "b"] } },
    want: "numgen random mod 2 vmap { 0 : goto a, 1 : goto b }",
  },
];

for (const { rule, family = "ip", want } of rules) {
  test(`rule text: ${want}`, () => assert.equal(ruleText(rule, family), want));
}

test("commands gather elements of one set, and keep what is deleted apart from what is added", () => {
  const operations: Operation[] = [
    { verb: "delete", object: element("a", "1", "x") },
    { verb: "delete", object: element("b", "1", "x") },
    { verb: "delete", object: element("a", "2", "x") },
    { verb: "add", object: element("a", "1", "y") },
    { verb: "add", object: element("c", "9", "") },
    { verb: "add", object: element("a", "2", "y") },
  ];
  assert.deepEqual(commands(operations, "ip"), [
    "delete element ip fairlead-proxy a { 1, 2 }",
    "delete element ip fairlead-proxy b { 1 }",
    "add element ip fairlead-proxy a { 1 : y, 2 : y }",
    "add element ip fairlead-proxy c { 9 }",
  ]);
});

test("commands declare sets, maps and chains", () => {
  const set: NamedSet = { object: "set", name: "s", key: ["address"], ranges: true };
  const map: NamedSet = { object: "set", name: "m", key: ["protocol", "port"], data: "verdict" };
  const operations: Operation[] = [
    { verb: "add", object: set },
    { verb: "add", object: { object: "set", name: "t", key: ["address"], timeoutSeconds: 60 } },
    { verb: "add", object: map },
    { verb: "add", object: { object: "set", name: "e", key: ["port", "slot"], protocol: "udp", data: "endpoint" } },
    {
      verb: "add",
      object: { object: "chain", name: "c", hook: { type: "nat", hook: "output", priority: -100 }, rules: [] },
    },
    { verb: "flush", object: { object: "chain", name: "d" } },
    { verb: "delete", object: set },
    { verb: "delete", object: map },
    { verb: "flush", object: { object: "map", name: "e" } },
  ];
  assert.deepEqual(commands(operations, "ip6"), [
    "add set ip6 fairlead-proxy s { type ipv6_addr; flags interval; }",
    "add set ip6 fairlead-proxy t { type ipv6_addr; flags dynamic, timeout; timeout 60s; }",
    "add map ip6 fairlead-proxy m { type inet_proto . inet_service : verdict; }",
    "add map ip6 fairlead-proxy e { typeof udp dport . numgen random mod 2 : ip6 daddr . udp dport; }",
    "add chain ip6 fairlead-proxy c { type nat hook output priority -100; }",
    "flush chain ip6 fairlead-proxy d",
    "delete set ip6 fairlead-proxy s",
    "delete map ip6 fairlead-proxy m",
    "flush map ip6 fairlead-proxy e",
  ]);
});

test("commands cut long lists of elements", () => {
  const many = Array.from({ length: 1200 }, (_, i): Operation => ({ verb: "add", object: element("a", `${i}`, "") }));
  assert.equal(commands(many, "ip").length, 3);
});

function element(set: string, key: string, value: string): Element {
  return { object: "element", set, key, value };
}
