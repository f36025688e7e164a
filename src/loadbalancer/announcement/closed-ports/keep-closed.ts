import { isIPv6 } from "@fairlead/lib/ip-family";
import type { Logger } from "@fairlead/lib/log";
import { nftKernel } from "@fairlead/nftables/kernel/kernel";
import type { NftMonitor } from "@fairlead/nftables/kernel/nft-monitor";
import type { NftShell } from "@fairlead/nftables/kernel/nft-shell";
import { createOwnedTable } from "@fairlead/nftables/kernel/owned-table";
import { closedPorts } from "./ruleset.ts";

const NAME = "fairlead-loadbalancer";
const FAMILIES = ["ip", "ip6"] as const;

/** The packet filter of the node's network namespace. */
export interface PacketFilter {
  /** Must outlive what is started with it. */
  readonly nft: NftShell;
  readonly nftMonitor: Pick<NftMonitor, "onTablesDeleted">;
}

/** Rules that refuse ports without a Service at addresses of load balancers. */
export interface ClosedPorts {
  /** Makes them those of these addresses. Does nothing when they are so already, and the kernel still has them. */
  apply(addresses: readonly string[]): Promise<void>;
}

/**
 * The rules stay in the kernel when the program ends: the addresses stay for a while, too.
 *
 * @param onDeleted - Called when tables were deleted, perhaps these: `apply` has to look.
 */
export function createClosedPorts(
  { nft, nftMonitor }: PacketFilter,
  { log, onDeleted }: { readonly log: Logger; readonly onDeleted: () => void },
): ClosedPorts {
  const kernel = nftKernel(nft);
  const tables = FAMILIES.map((family) => {
    const table = { family, name: NAME };
    return { table, owned: createOwnedTable({ table, kernel, log }), written: undefined as string | undefined };
  });
  let isDeleted = false;
  nftMonitor.onTablesDeleted(() => {
    isDeleted = true;
    onDeleted();
  });

  async function write(at: (typeof tables)[number], addresses: readonly string[], wanted: string): Promise<void> {
    at.written = undefined;
    // Where there is no address, no table is made.
    if (addresses.length > 0 || (await kernel.survey(at.table)) !== undefined) {
      at.owned.replace("", closedPorts(addresses));
      await at.owned.sync();
    }
    at.written = wanted;
  }

  return {
    async apply(addresses) {
      const isToVerify = isDeleted;
      isDeleted = false;
      for (const at of tables) {
        const own = addresses.filter((address) => isIPv6(address) === (at.table.family === "ip6")).toSorted();
        const wanted = own.join(" ");
        const isWhole = wanted === "" || !isToVerify || (await at.owned.verify());
        if (wanted !== at.written || !isWhole) await write(at, own, wanted);
      }
    },
  };
}
