import assert from "node:assert/strict";
import { test } from "node:test";
import { operationsFor } from "@fairlead/nftables/changes/diff";
import { createFakeKernel } from "@fairlead/nftables/fake/fake-kernel.testing";
import type { Packet } from "@fairlead/nftables/fake/packet.testing";
import type { Chain } from "@fairlead/nftables/words/ruleset";
import { closedPorts } from "./ruleset.ts";

const NODE = "172.30.0.11";
const HELD = "172.30.0.200";
const ELSEWHERE = "172.30.0.201";
const TABLE = { family: "ip", name: "fairlead-loadbalancer" } as const;

/** Stands for the service proxy: port 80 leads to a pod. */
const translating: Chain = {
  object: "chain",
  name: "translate",
  hook: { type: "nat", hook: "prerouting", priority: -100 },
  rules: [
    {
      match: [
        { is: "one of", field: "protocol", values: ["tcp"] },
        { is: "one of", field: "destination port", values: [80] },
      ],
      action: { do: "translate to", endpoint: "10.244.1.7 . 8080" },
    },
  ],
};

const packet = (to: string, port: number, protocol: Packet["protocol"] = "tcp"): Packet => ({
  ...{ from: "172.30.0.2", to, protocol, port },
});

const cases: { name: string; packet: Packet; want: string }[] = [
  { name: "a Service's port", packet: packet(HELD, 80), want: "10.244.1.7:8080" },
  { name: "the kubelet's port, at an address that this node answers for", packet: packet(HELD, 10250), want: "reject" },
  { name: "the kubelet's port, at one that another answers for", packet: packet(ELSEWHERE, 10250), want: "reject" },
  { name: "UDP", packet: packet(HELD, 53, "udp"), want: "reject" },
  { name: "SCTP", packet: packet(ELSEWHERE, 53, "sctp"), want: "reject" },
  { name: "a ping", packet: { from: "172.30.0.2", to: HELD, port: 0, icmp: "echo request" }, want: "unchanged" },
  {
    name: "an answer to this machine, which asked from the address",
    packet: { ...packet(HELD, 42918), from: "10.244.1.7", state: "established" },
    want: "unchanged",
  },
  { name: "the node's own address", packet: packet(NODE, 10250), want: "unchanged" },
];

for (const { name, packet, want } of cases) {
  test(`ports without a Service: ${name}: ${want}`, () => {
    const kernel = createFakeKernel([NODE, HELD]);
    const wanted = [translating, ...closedPorts([HELD, ELSEWHERE])];
    kernel.apply(operationsFor(wanted.map((after) => ({ before: undefined, after }))), TABLE);
    assert.equal(kernel.trace(packet), want);
  });
}

test("ports without a Service: no addresses, no rules", () => {
  assert.deepEqual(closedPorts([]), []);
});
