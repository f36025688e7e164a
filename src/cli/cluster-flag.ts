import { DEFAULT_CLUSTER } from "@fairlead/cluster/description/clusters";

/** `--name` of commands that need a cluster which is there. Without it they take the only one. */
export const CLUSTER_FLAG = {
  type: "string",
  value: "NAME",
  source: "clusters",
  help: `Name of the cluster (default ${DEFAULT_CLUSTER}, or the only one)`,
} as const;
