import { DEFAULT_CLUSTER, knownCluster, knownClusters } from "../../cluster/description/clusters.ts";
import { programLogs } from "../../cluster/description/program-logs.ts";
import type { ValueSource } from "../define-command.ts";
import type { Candidate } from "./plan.ts";

/** The names that there are right now, of the cluster where they belong to one. Files and folders are the shell's. */
export async function lookUp(source: ValueSource, cluster = DEFAULT_CLUSTER): Promise<readonly Candidate[]> {
  switch (source) {
    case "clusters": {
      const clusters = await knownClusters();
      return clusters.map(({ config: { name, nodes } }) => ({
        word: name,
        help: nodes.length === 1 ? "1 node" : `${nodes.length} nodes`,
      }));
    }
    case "nodes": {
      const { config } = await knownCluster(cluster);
      return config.nodes.map(({ name, address }) => ({ word: name, help: address }));
    }
    case "programs": {
      const { folder } = await knownCluster(cluster);
      return (await programLogs(folder)).map(({ program }) => ({ word: program, help: "" }));
    }
    case "targets":
    case "files":
    case "folders":
      return [];
  }
}
