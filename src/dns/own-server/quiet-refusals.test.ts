import assert from "node:assert/strict";
import { test } from "node:test";
import { operationsFor } from "@fairlead/nftables/changes/diff";
import { createFakeKernel } from "@fairlead/nftables/fake/fake-kernel.testing";
import type { Packet } from "@fairlead/nftables/fake/packet.testing";
import { quietRefusals } from "./quiet-refusals.ts";

const NODE = "172.30.0.1";
const POD = "10.244.1.9";

/** The refusal that the node sends for a question from the pod. */
function refusal(question: Partial<Packet>): Packet {
  const original: Packet = { from: POD, to: "10.96.0.10", protocol: "udp", port: 53, ...question };
  return { from: NODE, to: original.from, port: 0, icmp: "port unreachable", state: "related", original };
}

const cases: { name: string; packet: Packet; want: string }[] = [
  { name: "a question to the Service", packet: refusal({}), want: "drop" },
  { name: "a question to the node", packet: refusal({ to: NODE }), want: "drop" },
  { name: "a question over TCP", packet: refusal({ protocol: "tcp" }), want: "unchanged" },
  { name: "a datagram to another port", packet: refusal({ port: 54 }), want: "unchanged" },
  { name: "a question to loopback", packet: refusal({ from: "127.0.0.1", to: "127.0.0.1" }), want: "unchanged" },
  { name: "an answer to a ping", packet: { ...refusal({}), icmp: "echo request" }, want: "unchanged" },
  { name: "IPv6", packet: { ...refusal({ from: "fd00::9", to: "fd00::a" }), from: "fd00::1" }, want: "drop" },
  { name: "loopback of IPv6", packet: { ...refusal({ from: "::1", to: "::1" }), from: "::1" }, want: "unchanged" },
];

for (const { name, packet, want } of cases) {
  test(`refused questions: ${name}: ${want}`, () => {
    const kernel = createFakeKernel([NODE, "127.0.0.1", "fd00::1", "::1"]);
    for (const family of ["ip", "ip6"] as const) {
      kernel.apply(operationsFor([{ before: undefined, after: quietRefusals }]), { family, name: "fairlead-dns" });
    }
    assert.equal(kernel.trace(packet), want);
  });
}
