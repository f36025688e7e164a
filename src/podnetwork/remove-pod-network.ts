import { rm } from "node:fs/promises";
import path from "node:path";
import { runOnce } from "@fairlead/nftables/kernel/run-once";
import { deleteTable } from "@fairlead/nftables/text/commands";
import { applyRoutes } from "./ip-routes.ts";
import { masqueradeTable } from "./masquerade.ts";
import { CNI_CONFIG_FILE } from "./start-pod-network.ts";

/**
 * Takes away what a pod network left on this node: configuration, routes, masquerading. There being nothing is fine.
 *
 * For a machine that leaves its cluster. Forwarding stays on: others may rely on it by now.
 */
export async function removePodNetwork({ cniConfigDir }: { readonly cniConfigDir: string }): Promise<void> {
  await rm(path.join(cniConfigDir, CNI_CONFIG_FILE), { force: true });
  for (const family of ["ip", "ip6"] as const) {
    await applyRoutes(family, []);
    await runOnce(deleteTable(masqueradeTable(family)));
  }
}
