import assert from "node:assert/strict";
import { test } from "node:test";
import { cniConfig } from "./cni-config.ts";
import { staleLeases } from "./leases.ts";

test("cniConfig gives every range of the node to host-local, with a default route each", () => {
  const podCIDRs = ["10.244.1.0/24", "fd00:10:244:1::/64"];
  const { cniVersion, name, plugins } = JSON.parse(cniConfig({ podCIDRs, dataDir: "/state/ipam" }));
  assert.deepEqual([cniVersion, name], ["1.0.0", "fairlead"]);
  assert.deepEqual(
    plugins.map(({ type }: { type: string }) => type),
    ["ptp", "portmap"],
  );
  assert.deepEqual(plugins[0].ipam, {
    type: "host-local",
    dataDir: "/state/ipam",
    ranges: [[{ subnet: "10.244.1.0/24" }], [{ subnet: "fd00:10:244:1::/64" }]],
    routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
  });
  assert.equal("mtu" in plugins[0], false);
});

test("cniConfig passes the size of packets on", () => {
  const { plugins } = JSON.parse(cniConfig({ podCIDRs: ["10.244.1.0/24"], dataDir: "/d", mtuBytes: 1400 }));
  assert.equal(plugins[0].mtu, 1400);
});

test("staleLeases are those whose sandbox the runtime does not list, and to whose address nothing leads", () => {
  const leases = [
    { address: "10.244.1.2", sandboxId: "a" },
    { address: "10.244.1.3", sandboxId: "b" },
    { address: "10.244.1.4", sandboxId: "d" },
  ];
  const holders = { sandboxIds: ["b", "c"], routedAddresses: ["default", "10.244.1.4"] };
  assert.deepEqual(staleLeases(leases, holders), [{ address: "10.244.1.2", sandboxId: "a" }]);
});
