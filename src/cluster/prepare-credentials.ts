import { type ClusterConfig, readClusterConfig } from "./description/cluster-config.ts";
import type { StateFolder } from "./description/state-folder.ts";
import { exclusively } from "./journal/exclusively.ts";
import { ensureClusterPki } from "./pki/ensure-cluster-pki.ts";
import { writeCredentials } from "./supervisor/write-credentials.ts";

/**
 * Makes the certificates of the cluster that are not there yet, and gives each machine its own.
 *
 * One process at a time: two that make the same certificate would leave that of the one with the key of the other.
 *
 * @param config - As it was read. Machines that were taken out of the cluster since get nothing.
 */
export async function prepareCredentials(folder: StateFolder, config: ClusterConfig): Promise<void> {
  await exclusivelyWithCredentials(folder, async () => {
    const now = (await readClusterConfig(folder.config)) ?? config;
    await ensureClusterPki(folder.pki, now, new Date());
    await Promise.all(now.nodes.map((node) => writeCredentials(folder, now, node)));
  });
}

/** Runs `work` while no other command makes or writes credentials of the cluster, so that a machine can be removed. */
export function exclusivelyWithCredentials<T>({ name }: Pick<StateFolder, "name">, work: () => Promise<T>): Promise<T> {
  return exclusively(`prepare credentials of ${name}`, work);
}
