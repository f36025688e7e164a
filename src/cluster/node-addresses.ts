import { type Node, nodeKind } from "@fairlead/api/core/v1/node/node";
import type { ClusterConfig } from "./description/cluster-config.ts";
import type { StateFolder } from "./description/state-folder.ts";
import { localAdminClient } from "./kubeconfig/local-admin-client.ts";

/** An API server that does not answer in this time is not waited for. */
const ANSWER_MS = 2_000;

/** The address of each node, by its name: what its kubelet says now, else what `up` gave its machine. */
export async function nodeAddresses(folder: StateFolder, config: ClusterConfig): Promise<ReadonlyMap<string, string>> {
  return currentAddresses(config, await registeredNodes(folder, config).catch(() => []));
}

/** Those of the described nodes, whether registered or not. */
export function currentAddresses(config: ClusterConfig, registered: readonly Node[]): ReadonlyMap<string, string> {
  return new Map(
    config.nodes.map(({ name, address }) => {
      const node = registered.find(({ metadata }) => metadata.name === name);
      const internal = node?.status.addresses?.find(({ type }) => type === "InternalIP");
      return [name, internal?.address ?? address];
    }),
  );
}

async function registeredNodes(folder: StateFolder, config: ClusterConfig): Promise<readonly Node[]> {
  const client = await localAdminClient(folder, config);
  const { items } = await client.list(nodeKind, { signal: AbortSignal.timeout(ANSWER_MS) });
  return items;
}
