import { ExpectedError } from "@fairlead/lib/expected-error";
import { exclusively } from "../journal/exclusively.ts";
import { type ClusterConfig, readClusterConfig, writeClusterConfig } from "./cluster-config.ts";
import type { StateFolder } from "./state-folder.ts";

/**
 * Reads, changes and writes the cluster's description under a lock: concurrent commands lose no change.
 *
 * @param change - Gets the current description. What it answers is this function's answer.
 * @throws {ExpectedError} when the cluster is gone.
 */
export function changeClusterConfig<T extends { readonly config: ClusterConfig }>(
  folder: Pick<StateFolder, "name" | "config">,
  change: (config: ClusterConfig) => Promise<T>,
): Promise<T> {
  return exclusively("describe a cluster", async () => {
    const config = await readClusterConfig(folder.config);
    if (config === undefined) throw new ExpectedError(`The cluster "${folder.name}" is gone`);
    const changed = await change(config);
    await writeClusterConfig(folder.config, changed.config);
    return changed;
  });
}
