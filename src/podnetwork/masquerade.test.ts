import assert from "node:assert/strict";
import { test } from "node:test";
import { operationsFor } from "@fairlead/nftables/changes/diff";
import { createFakeKernel } from "@fairlead/nftables/fake/fake-kernel.testing";
import type { Packet } from "@fairlead/nftables/fake/packet.testing";
import type { ClusterView } from "./cluster-view.ts";
import { masqueradeRuleset, masqueradeTable } from "./masquerade.ts";

const views: readonly ClusterView[] = [
  {
    family: "ip",
    podCIDRs: ["10.244.1.0/24"],
    remotes: [{ podCIDR: "10.244.2.0/24", via: "172.30.0.2" }],
    nodeAddresses: ["172.30.0.1", "172.30.0.2"],
  },
  { family: "ip6", podCIDRs: ["fd00:10:244:1::/64"], remotes: [], nodeAddresses: ["fd00::1"] },
];

const POD = "10.244.1.9";
const POD_6 = "fd00:10:244:1::9";

const cases: { name: string; packet: Packet; want: string }[] = [
  { name: "a pod to the world", packet: { from: POD, to: "192.0.2.1", port: 80 }, want: "unchanged masqueraded" },
  { name: "a pod to a pod here", packet: { from: POD, to: "10.244.1.7", port: 80 }, want: "unchanged" },
  { name: "a pod to a pod elsewhere", packet: { from: POD, to: "10.244.2.7", port: 80 }, want: "unchanged" },
  { name: "a pod to another node", packet: { from: POD, to: "172.30.0.2", port: 80 }, want: "unchanged" },
  { name: "a pod to its own node", packet: { from: POD, to: "172.30.0.1", port: 80 }, want: "unchanged" },
  { name: "a pod to a multicast group", packet: { from: POD, to: "224.0.0.251", port: 5353 }, want: "unchanged" },
  {
    name: "a pod elsewhere to the world",
    packet: { from: "10.244.2.7", to: "192.0.2.1", port: 80 },
    want: "unchanged",
  },
  { name: "the node to the world", packet: { from: "172.30.0.1", to: "192.0.2.1", port: 80 }, want: "unchanged" },
  {
    name: "a pod to the world, IPv6",
    packet: { from: POD_6, to: "2001:db8::1", port: 80 },
    want: "unchanged masqueraded",
  },
  { name: "a pod to a multicast group, IPv6", packet: { from: POD_6, to: "ff02::fb", port: 5353 }, want: "unchanged" },
];

for (const { name, packet, want } of cases) {
  test(`masquerading: ${name}`, () => {
    const kernel = createFakeKernel(["172.30.0.1", "fd00::1"]);
    for (const view of views) {
      const changes = masqueradeRuleset(view).map((after) => ({ before: undefined, after }));
      kernel.apply(operationsFor(changes), masqueradeTable(view.family));
    }
    assert.equal(kernel.trace(packet), want);
  });
}
