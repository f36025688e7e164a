import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { nftKernel } from "@fairlead/nftables/kernel/kernel";
import type { NftMonitor } from "@fairlead/nftables/kernel/nft-monitor";
import type { NftShell } from "@fairlead/nftables/kernel/nft-shell";
import { createOwnedTable } from "@fairlead/nftables/kernel/owned-table";
import type { Chain } from "@fairlead/nftables/words/ruleset";

const DNS_PORT = 53;
const FAMILIES = ["ip", "ip6"] as const;

/**
 * Drops the ICMP errors "port unreachable" that this node would send to a client of a DNS server that does not run.
 *
 * A resolver that is refused gives the name up at once; one that gets no answer asks again after a few seconds
 * (resolv.conf(5), `timeout`), and by then the server that was killed is back, or another has taken over. A client of the
 * machine's loopback asks no server of the cluster, and has to get the refusal at once: a machine without an
 * uplink has no other name server.
 */
export const quietRefusals: Chain = {
  object: "chain",
  name: "output",
  hook: { type: "filter", hook: "output", priority: 0 },
  rules: [
    {
      match: [
        { is: "icmp", message: "port unreachable" },
        // The connection that an ICMP error speaks of is the question's, as it was before translation.
        { is: "one of", field: "original protocol", values: ["udp"] },
        { is: "one of", field: "original destination port", values: [DNS_PORT] },
        { is: "loopback", field: "original destination address", not: true },
      ],
      action: { do: "drop" },
    },
  ],
};

export interface QuietRefusalsOptions {
  /** Must outlive what is started with it. */
  readonly nft: NftShell;
  /** Reports that tables were deleted. Default: deletions are noticed by the next periodic verification. */
  readonly nftMonitor?: Pick<NftMonitor, "onTablesDeleted">;
  readonly log: Logger;
  readonly clock: Clock;
  /** How often to check that the kernel still has the rules, in milliseconds. Default: 30,000. */
  readonly verifyIntervalMs?: number;
}

const VERIFY_INTERVAL_MS = 30_000;

/**
 * Keeps the rules in the kernel, in this process's network namespace: another program may flush the ruleset.
 *
 * The rules stay when it is stopped.
 */
export async function startQuietRefusals({
  nft,
  nftMonitor,
  log,
  clock,
  verifyIntervalMs = VERIFY_INTERVAL_MS,
}: QuietRefusalsOptions): Promise<Running> {
  const kernel = nftKernel(nft);
  const tables = FAMILIES.map((family) => createOwnedTable({ table: { family, name: "fairlead-dns" }, kernel, log }));

  async function verify(signal: AbortSignal): Promise<number> {
    try {
      for (const table of tables) {
        if (signal.aborted || (await table.verify())) continue;
        log.warn("The rules for refused DNS questions were removed from the kernel: writing them again");
        await table.sync();
      }
    } catch (error) {
      log.warn("Cannot verify the rules for refused DNS questions", { error });
    }
    return verifyIntervalMs;
  }

  for (const table of tables) {
    table.replace("", [quietRefusals]);
    await table.sync();
  }
  const loop = startLoop({ turn: verify, firstPauseMs: verifyIntervalMs, clock });
  nftMonitor?.onTablesDeleted(loop.wake);
  return loop;
}
