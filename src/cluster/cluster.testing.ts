import { readVersion } from "@fairlead/lib/version";
import { DEFAULT_RANGES } from "./description/addresses.ts";
import type { ClusterConfig } from "./description/cluster-config.ts";
import { nodeConfig } from "./description/cluster-config.ts";

/** The description of a cluster with the usual addresses. */
export function testClusterConfig({ name = "fairlead", nodes = 1, ...rest }: TestCluster = {}): ClusterConfig {
  return {
    formatVersion: 2,
    version: readVersion().fairlead,
    name,
    scope: "",
    ...DEFAULT_RANGES,
    nodes: Array.from({ length: nodes }, (_, i) => nodeConfig(name, DEFAULT_RANGES, i)),
    nextNodeIndex: nodes,
    apiPort: 6443,
    clusterDomain: "cluster.local",
    nodePortRange: "30000-32767",
    hostRoutes: true,
    uplink: "none",
    ...rest,
  };
}

/** What a test's cluster may have of its own. */
export type TestCluster = Partial<Omit<ClusterConfig, "nodes">> & { readonly nodes?: number };
