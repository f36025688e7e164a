import { createNftShell } from "../nftables/kernel/nft-shell.ts";
import { deleteTable } from "../nftables/text/commands.ts";

/**
 * Takes everything that a proxy left in the kernel of this network namespace away: from then on, no Service is reached.
 *
 * For a machine that leaves its cluster; a proxy that only stops leaves its rules, so that traffic goes on. There being
 * nothing is fine. A route for the Service range stays: it leads to nothing, and may be somebody's.
 */
export async function removeServiceRules(): Promise<void> {
  const nft = createNftShell();
  try {
    await nft.run([...deleteTable("ip"), ...deleteTable("ip6")]);
  } finally {
    await nft.close();
  }
}
