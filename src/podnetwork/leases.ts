import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { NETWORK_NAME } from "./cni-config.ts";

/** An address that `host-local` has given away. */
export interface Lease {
  readonly address: string;
  /** The sandbox it was given to. */
  readonly sandboxId: string;
}

/** The leases of sandboxes that are not among `sandboxIds`. */
export function staleLeases(leases: readonly Lease[], sandboxIds: readonly string[]): readonly Lease[] {
  const alive = new Set(sandboxIds);
  return leases.filter(({ sandboxId }) => !alive.has(sandboxId));
}

/**
 * Frees the addresses of sandboxes that ended without the runtime knowing: killed with the machine, for example.
 *
 * To be called with what the runtime lists, before the first sandbox is made: a lease comes before its sandbox is listed.
 *
 * @param dataDir - As in the CNI configuration.
 * @returns The addresses freed.
 */
export async function removeStaleLeases(dataDir: string, sandboxIds: readonly string[]): Promise<readonly string[]> {
  const folder = path.join(dataDir, NETWORK_NAME);
  const stale = staleLeases(await readLeases(folder), sandboxIds);
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
