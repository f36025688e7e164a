import { runCommand } from "../../lib/run-command.ts";
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
  const ruleset = [
    "table ip fairlead-uplink",
    "delete table ip fairlead-uplink",
    "table ip fairlead-uplink {",
    "  chain postrouting {",
    "    type nat hook postrouting priority srcnat; policy accept;",
    `    oifname "${DEVICE}" masquerade`,
    "  }",
    "}",
  ];
  await runCommand("nsenter", [`--net=${fabric.netns}`, "nft", "-f", "-"], { input: ruleset.join("\n") });
}
