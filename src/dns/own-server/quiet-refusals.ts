import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { Running } from "../../lib/running.ts";
import { running } from "../../lib/running.ts";
import { startPeriodic } from "../../lib/start-periodic.ts";
import type { NftMonitor } from "../../nftables/kernel/nft-monitor.ts";
import type { NftShell } from "../../nftables/kernel/nft-shell.ts";

/** The name of our table in each family. */
const TABLE = "fairlead-dns";
const DNS_PORT = 53;
const FAMILIES = ["ip", "ip6"] as const;

/**
 * The nft commands that make a table which drops the ICMP errors "port unreachable" that this node would send to who asks a
 * DNS server that does not run. There must be no table yet.
 *
 * A resolver that is refused gives the name up at once; one that hears nothing asks again after a few seconds
 * (resolv.conf(5), `timeout`), and by then the server that was killed is back, or another has taken over. Who asks the
 * machine's loopback asks no server of the cluster, and is to hear at once that nobody listens there: a machine without an
 * uplink has no other name server.
 */
export function quietRefusalCommands(family: "ip" | "ip6"): readonly string[] {
  const table = `${family} ${TABLE}`;
  const loopback = family === "ip" ? "127.0.0.0/8" : "::1";
  const refusal =
    family === "ip"
      ? "icmp type destination-unreachable icmp code port-unreachable"
      : "icmpv6 type destination-unreachable icmpv6 code port-unreachable";
  return [
    `add table ${table}`,
    `add chain ${table} output { type filter hook output priority 0; }`,
    // The connection that an ICMP error speaks of is the question's, as it was before translation.
    `add rule ${table} output ${refusal} ct original protocol udp ct original proto-dst ${DNS_PORT} ct original ${family} daddr != ${loopback} drop`,
  ];
}

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
  let isStopped = false;
  let last: Promise<void> = Promise.resolve();

  async function verifyNow(): Promise<void> {
    try {
      if (isStopped || (await isWritten(nft))) return;
      log.warn("The rules for refused DNS questions were removed from the kernel: writing them again");
      await write(nft);
    } catch (error) {
      log.warn("Cannot verify the rules for refused DNS questions", { error });
    }
  }

  /** One after the other: two at once would both write. */
  function verify(): Promise<void> {
    last = last.then(verifyNow);
    return last;
  }

  await write(nft);
  nftMonitor?.onTablesDeleted(() => void verify());
  const periodic = startPeriodic({ clock, intervalMs: verifyIntervalMs, run: verify });
  return running(async () => {
    isStopped = true;
    await periodic.stop();
    await last;
  });
}

/**
 * Replaces the tables that are there. Where none is, it deletes none: the kernel reports a deleted table to each listener of
 * the {@link NftMonitor}, and they would verify their rules.
 */
async function write(nft: NftShell): Promise<void> {
  const found = await familiesWritten(nft);
  await nft.run([
    ...found.map((family) => `delete table ${family} ${TABLE}`),
    ...FAMILIES.flatMap((family) => quietRefusalCommands(family)),
  ]);
}

async function isWritten(nft: NftShell): Promise<boolean> {
  return (await familiesWritten(nft)).length === FAMILIES.length;
}

/** The families that have the table. */
async function familiesWritten(nft: NftShell): Promise<readonly (typeof FAMILIES)[number][]> {
  const { nftables }: Tables = JSON.parse(await nft.list("list tables"));
  return FAMILIES.filter((family) => nftables.some(({ table }) => table?.family === family && table.name === TABLE));
}

/** What nft prints for `list tables`. */
interface Tables {
  readonly nftables: readonly { readonly table?: { readonly family: string; readonly name: string } }[];
}
