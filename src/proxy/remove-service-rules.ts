import { runOnce } from "@fairlead/nftables/kernel/run-once";
import { deleteTable } from "@fairlead/nftables/text/commands";
import { serviceTableOf } from "./service-table.ts";

/**
 * Takes everything that a proxy left in the kernel of this network namespace away: from then on, no Service is reached.
 *
 * For a machine that leaves its cluster; a proxy that only stops leaves its rules, so that traffic goes on. There being
 * nothing is fine. A route for the Service range stays: it has no effect, and may belong to other software.
 */
export async function removeServiceRules(): Promise<void> {
  await runOnce([...deleteTable(serviceTableOf("ip")), ...deleteTable(serviceTableOf("ip6"))]);
}
