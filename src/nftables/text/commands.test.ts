import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operation } from "../changes/diff.ts";
import type { Rule } from "../words/rule.ts";
import type { Element, Family, NamedSet, Table } from "../words/ruleset.ts";
import { commands } from "./commands.ts";
import { hookRows, ruleRows, setRows, words } from "./rows.testing.ts";
import { ruleText } from "./rule-text.ts";

for (const { rule, family = "ip", want } of ruleRows) {
  test(`rule text: ${want}`, () => assert.equal(ruleText(rule, family), want));
}

for (const { set, family = "ip", want } of setRows) {
  test(`set text: ${want}`, () => {
    assert.deepEqual(commands([{ verb: "add", object: set }], { family, name: "t" }), [want]);
  });
}

for (const { hook, want } of hookRows) {
  test(`chain text: ${want}`, () => {
    const object = { object: "chain", name: "c", hook, rules: [] } as const;
    assert.deepEqual(commands([{ verb: "add", object }], { family: "ip", name: "t" }), [want]);
  });
}

test("each word of the vocabulary has a row", () => {
  const used = (words: readonly (string | undefined)[]) => [...new Set(words)].toSorted();
  const conditions = ruleRows.flatMap(({ rule }) => rule.match);
  const actions = ruleRows.map(({ rule }) => rule.action);
  assert.deepEqual(used(conditions.map(({ is }) => is)), Object.keys(words.conditions).toSorted());
  assert.deepEqual(used(actions.map((action) => action.do)), Object.keys(words.actions).toSorted());
  const fields = conditions.flatMap((condition) => (condition.is === "one of" ? [condition.field] : []));
  assert.deepEqual(used(fields), Object.keys(words.fields).toSorted());
  const refusals = actions.flatMap((action) => (action.do === "reject" ? (action.with ?? []) : []));
  assert.deepEqual(used(refusals), Object.keys(words.refusals).toSorted());
  const messages = conditions.flatMap((condition) => (condition.is === "icmp" ? [condition.message] : []));
  assert.deepEqual(used(messages), Object.keys(words.messages).toSorted());
  const states = conditions.flatMap((condition) => (condition.is === "connection" ? condition.states : []));
  assert.deepEqual(used(states), Object.keys(words.states).toSorted());
  assert.deepEqual(used(setRows.flatMap(({ set }) => set.key)), Object.keys(words.keyParts).toSorted());
  assert.deepEqual(used(hookRows.map(({ hook }) => hook.hook)), Object.keys(words.hooks).toSorted());
});

const unsafe: { name: string; rule: Rule; want: RegExp }[] = [
  {
    name: "an interface that ends the string",
    rule: { match: [{ is: "one of", field: "input interface", values: ['a" drop'] }], action: { do: "drop" } },
    want: /Not a value of a packet's field: "a" drop"/,
  },
  {
    name: "an address with a command behind it",
    rule: { match: [{ is: "one of", field: "source address", values: ["::1; flush"] }], action: { do: "drop" } },
    want: /Not a value/,
  },
  { name: "a quote in a comment", rule: { match: [], action: { do: "drop" }, comment: 'a"' }, want: /Not a comment/ },
  {
    name: "a comment longer than the kernel takes",
    rule: { match: [], action: { do: "drop" }, comment: "x".repeat(128) },
    want: /Not a comment/,
  },
  {
    name: "neighbor discovery in IPv4",
    rule: { match: [{ is: "icmp", message: "neighbor discovery" }], action: { do: "accept" } },
    want: /IPv4 has no neighbor discovery/,
  },
];

for (const { name, rule, want } of unsafe) {
  test(`no text is made of ${name}`, () => {
    assert.throws(() => ruleText(rule, "ip"), want);
  });
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
  assert.deepEqual(commands(operations, tableOf("ip")), [
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
  assert.deepEqual(commands(operations, tableOf("ip6")), [
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
  assert.equal(commands(many, tableOf("ip")).length, 3);
});

function element(set: string, key: string, value: string): Element {
  return { object: "element", set, key, value };
}

function tableOf(family: Family): Table {
  return { family, name: "fairlead-proxy" };
}
