import assert from "node:assert/strict";
import { test } from "node:test";
import { operationsFor } from "../changes/diff.ts";
import type { Condition, Rule } from "../words/rule.ts";
import type { Element, Hook, NamedSet, NftObject } from "../words/ruleset.ts";
import { verdictValue } from "../words/verdict.ts";
import { createFakeKernel } from "./fake-kernel.testing.ts";
import type { Packet } from "./packet.testing.ts";

const NODE = "172.30.0.1";
const POD = "10.244.1.9";
const FAR = "10.244.2.7";

const HOOKS = ["prerouting", "input", "forward", "output", "postrouting"] as const;
const toFar: Packet = { from: POD, to: FAR, port: 80 };

const ways: { name: string; packet: Packet; want: string }[] = [
  { name: "routed on", packet: toFar, want: "prerouting forward postrouting" },
  { name: "to the machine itself", packet: { ...toFar, to: NODE }, want: "prerouting input" },
  { name: "from the machine", packet: { ...toFar, from: NODE }, want: "output postrouting" },
];

for (const { name, packet, want } of ways) {
  test(`hooks of a packet ${name}: ${want}`, () => {
    const kernel = start(HOOKS.map((hook) => hooked(hook, { type: "filter", hook, priority: 0 }, [])));
    assert.equal(kernel.chainsMet(packet).join(" "), want);
  });
}

test("a packet that was translated at prerouting is routed by its new destination", () => {
  const translate = hooked("nat", { type: "nat", hook: "prerouting", priority: -100 }, [
    { match: [oneOf("destination address", NODE)], action: { do: "translate to", endpoint: `${FAR} . 8080` } },
  ]);
  const kernel = start([translate, hooked("in", at("input"), []), hooked("fwd", at("forward"), [])]);
  assert.equal(kernel.chainsMet({ ...toFar, to: NODE }).join(" "), "nat fwd");
  // Connection tracking translates the rest of a connection: the chain sees its first packet only.
  assert.equal(kernel.chainsMet({ ...toFar, to: NODE, state: "established" }).join(" "), "in");
});

const drop: Rule = { match: [], action: { do: "drop" } };
const accept: Rule = { match: [], action: { do: "accept" } };
const isolated: readonly NftObject[] = [
  { object: "set", name: "pods", key: ["address"], data: "verdict", ranges: true },
  { object: "set", name: "peers", key: ["address", "protocol", "port"], ranges: true },
  chain("isolated", [
    { match: [inSet("source address", "protocol", "destination port")], action: { do: "return" } },
    { match: [], action: { do: "reject", with: "administratively prohibited" } },
  ]),
  element("pods", FAR, verdictValue({ do: "jump", chain: "isolated" })),
  element("peers", "10.244.1.0/24 . tcp . 80-90"),
  hooked("forward", at("forward"), [
    { match: [{ is: "connection", states: ["established", "related"] }], action: { do: "accept" } },
    { match: [], action: { do: "look up", key: ["destination address"], map: "pods" } },
    { match: [oneOf("destination port", 85)], action: { do: "drop" } },
  ]),
];

const cases: { name: string; objects: readonly NftObject[]; packet?: Packet; want: string }[] = [
  { name: "a policy of drop", objects: [hooked("f", at("forward", "drop"), [])], want: "drop" },
  { name: "a verdict before the policy", objects: [hooked("f", at("forward", "drop"), [accept])], want: "unchanged" },
  {
    name: "an accepted packet meets the next chain of the hook",
    objects: [hooked("b", { ...at("forward"), priority: 1 }, [drop]), hooked("a", at("forward"), [accept])],
    want: "drop",
  },
  {
    name: "a chain that was jumped to comes back at its end",
    objects: [chain("c", []), hooked("f", at("forward"), [{ match: [], action: { do: "jump", chain: "c" } }, drop])],
    want: "drop",
  },
  {
    name: "a chain that was gone to does not",
    objects: [chain("c", []), hooked("f", at("forward"), [{ match: [], action: { do: "goto", chain: "c" } }, drop])],
    want: "unchanged",
  },
  {
    name: "return leaves the chain before its other rules",
    objects: [
      chain("c", [{ match: [], action: { do: "return" } }, drop]),
      hooked("f", at("forward"), [{ match: [], action: { do: "jump", chain: "c" } }]),
    ],
    want: "unchanged",
  },
  { name: "a peer inside the ranges of address and port", objects: isolated, want: "unchanged" },
  { name: "a jump of a map comes back", objects: isolated, packet: { ...toFar, port: 85 }, want: "drop" },
  { name: "a port beyond the range", objects: isolated, packet: { ...toFar, port: 91 }, want: "reject" },
  { name: "a source beyond the range", objects: isolated, packet: { ...toFar, from: "10.244.3.1" }, want: "reject" },
  { name: "another protocol", objects: isolated, packet: { ...toFar, protocol: "udp" }, want: "reject" },
  { name: "no element for the packet", objects: isolated, packet: { ...toFar, to: "10.244.2.8" }, want: "unchanged" },
  {
    name: "an established connection",
    objects: isolated,
    packet: { ...toFar, port: 91, state: "established" },
    want: "unchanged",
  },
  {
    name: "the interface that it came in by",
    objects: [hooked("f", at("forward"), [{ match: [oneOf("input interface", "eth0")], action: { do: "drop" } }])],
    packet: { ...toFar, inputInterface: "eth0" },
    want: "drop",
  },
];

for (const { name, objects, packet = toFar, want } of cases) {
  test(`fake kernel: ${name}: ${want}`, () => assert.equal(start(objects).trace(packet), want));
}

test("tables of several owners see the packet together, each in its place and family", () => {
  const kernel = createFakeKernel([NODE]);
  const apply = (name: string, family: "ip" | "ip6", priority: number, rules: readonly Rule[]) => {
    const object = hooked(name, { type: "filter", hook: "forward", priority }, rules);
    kernel.apply(operationsFor([{ before: undefined, after: object }]), { family, name });
  };
  apply("late", "ip", 10, [drop]);
  apply("early", "ip", -10, [accept]);
  apply("other", "ip6", 0, [drop]);
  assert.deepEqual(kernel.chainsMet(toFar), ["early", "late"]);
  assert.equal(kernel.trace(toFar), "drop");
  assert.deepEqual(kernel.chainsMet({ from: "fd00::1", to: "fd00::2", port: 80 }), ["other"]);
});

function start(objects: readonly NftObject[]) {
  const kernel = createFakeKernel([NODE]);
  kernel.apply(operationsFor(objects.map((after) => ({ before: undefined, after }))));
  return kernel;
}

function at(hook: Hook["hook"], policy?: "drop"): Hook {
  return { type: "filter", hook, priority: 0, ...(policy !== undefined && { policy }) };
}

function hooked(name: string, hook: Hook, rules: readonly Rule[]): NftObject {
  return { object: "chain", name, hook, rules };
}

function chain(name: string, rules: readonly Rule[]): NftObject {
  return { object: "chain", name, rules };
}

function element(set: NamedSet["name"], key: string, value = ""): Element {
  return { object: "element", set, key, value };
}

function oneOf(
  field: "destination address" | "destination port" | "input interface",
  value: string | number,
): Condition {
  return { is: "one of", field, values: [value] };
}

function inSet(...key: readonly ("source address" | "protocol" | "destination port")[]): Condition {
  return { is: "in set", key, set: "peers" };
}
