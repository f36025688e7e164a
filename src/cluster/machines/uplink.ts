import { operationsFor } from "@fairlead/nftables/changes/diff";
import { runOnce } from "@fairlead/nftables/kernel/run-once";
import { addTable, commands, deleteTable } from "@fairlead/nftables/text/commands";
import type { Chain, Table } from "@fairlead/nftables/words/ruleset";
import type { ClusterConfig } from "../description/cluster-config.ts";
import type { Fabric } from "./fabric.ts";

/** slirp4netns answers names here, with what the host's own resolver says, also when that is 127.0.0.53. */
const SLIRP_NAME_SERVER = "10.0.2.3";
const DEVICE = "tap0";

/** Name servers for what is not in the cluster: none where there is no way out. */
export function uplinkNameServers(config: ClusterConfig): readonly string[] {
  return config.uplink === "none" ? [] : [SLIRP_NAME_SERVER];
}

/** The user-mode network that gives the fabric a way out. Undefined where there is to be none. */
export function uplinkProgram(config: ClusterConfig, fabric: Fabric): readonly [string, ...string[]] | undefined {
  if (config.uplink === "none") return undefined;
  return [
    "slirp4netns",
    "--configure",
    "--mtu=1500",
    "--disable-host-loopback",
    "--netns-type=path",
    fabric.netns,
    DEVICE,
  ];
}

/** Packets that leave by the uplink get its address: a firewall rule in the fabric's namespace, none on the host. */
export async function masqueradeUplink(fabric: Fabric): Promise<void> {
  const added = operationsFor([{ before: undefined, after: masqueradeChain }]);
  const ruleset = [...deleteTable(UPLINK_TABLE), addTable(UPLINK_TABLE), ...commands(added, UPLINK_TABLE)];
  await runOnce(ruleset, { netns: fabric.netns });
}

const UPLINK_TABLE: Table = { family: "ip", name: "fairlead-uplink" };

const masqueradeChain: Chain = {
  object: "chain",
  name: "postrouting",
  hook: { type: "nat", hook: "postrouting", priority: 100, policy: "accept" },
  rules: [
    {
      match: [{ is: "one of", field: "output interface", values: [DEVICE] }],
      action: { do: "masquerade", keepsPort: true },
    },
  ],
};
