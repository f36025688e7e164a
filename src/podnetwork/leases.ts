import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { runCommand } from "@fairlead/lib/run-command";
import { NETWORK_NAME } from "./cni-config.ts";
import { parseRoutes } from "./routes.ts";

/** An address that `host-local` has given away. */
export interface Lease {
  readonly address: string;
  /** The sandbox it was given to. */
  readonly sandboxId: string;
}

/** What speaks for a lease. */
export interface LeaseHolders {
  /** The sandboxes that the runtime knows. */
  readonly sandboxIds: readonly string[];
  /** Addresses that a link of this machine leads to: a sandbox may be there before, or after, the runtime lists it. */
  readonly routedAddresses: readonly string[];
}

/** The leases for which nothing speaks. */
export function staleLeases(leases: readonly Lease[], holders: LeaseHolders): readonly Lease[] {
  const sandboxes = new Set(holders.sandboxIds);
  const addresses = new Set(holders.routedAddresses);
  return leases.filter(({ address, sandboxId }) => !sandboxes.has(sandboxId) && !addresses.has(address));
}

/**
 * Frees the addresses of sandboxes that ended without the runtime knowing: killed with the machine, for example.
 *
 * To be called with what the runtime lists, before the first sandbox is made: a lease comes before its sandbox is listed.
 * Looks at the routes of the network namespace that this process is in.
 *
 * @param dataDir - As in the CNI configuration.
 * @returns The addresses freed.
 */
export async function removeStaleLeases(dataDir: string, sandboxIds: readonly string[]): Promise<readonly string[]> {
  const folder = path.join(dataDir, NETWORK_NAME);
  const leases = await readLeases(folder);
  if (leases.length === 0) return [];
  const routes = await Promise.all(["-4", "-6"].map((option) => runCommand("ip", [option, "-j", "route", "show"])));
  const routedAddresses = routes.flatMap(parseRoutes).map(({ destination }) => destination);
  const stale = staleLeases(leases, { sandboxIds, routedAddresses });
  await Promise.all(stale.map(({ address }) => rm(path.join(folder, address), { force: true })));
  return stale.map(({ address }) => address);
}

async function readLeases(folder: string): Promise<readonly Lease[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    // No pod was ever started here.
    if (error.code === "ENOENT") return [];
    throw error;
  });
  // Beside the leases there are `lock` and `last_reserved_ip.0`.
  const addresses = names.filter((name) => /^[0-9a-f.:]*[.:][0-9a-f.:]*$/.test(name));
  return Promise.all(
    addresses.map(async (address) => {
      const [sandboxId = ""] = (await readFile(path.join(folder, address), "utf8")).split(/\s/);
      return { address, sandboxId };
    }),
  );
}
