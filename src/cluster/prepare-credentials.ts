import type { ClusterConfig } from "./description/cluster-config.ts";
import type { StateFolder } from "./description/state-folder.ts";
import { writeCredentials } from "./supervisor/write-credentials.ts";

/** Makes the certificates of the cluster that are not there yet, and gives each machine its own. */
export async function prepareCredentials(folder: StateFolder, config: ClusterConfig): Promise<void> {
  // The library behind it takes 0.1 s to load: only who makes certificates pays for it.
  const { ensureClusterPki } = await import("./pki/ensure-cluster-pki.ts");
  await ensureClusterPki(folder.pki, config, new Date());
  await Promise.all(config.nodes.map((node) => writeCredentials(folder, config, node)));
}
