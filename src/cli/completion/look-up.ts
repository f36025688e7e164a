import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { knownCluster, knownClusters } from "@fairlead/cluster/description/clusters";
import { programLogs } from "@fairlead/cluster/description/program-logs";
import { localAdminClient } from "@fairlead/cluster/kubeconfig/local-admin-client";
import type { ValueSource } from "../define-command.ts";
import type { Candidate } from "./plan.ts";

/** What is looked for. */
export interface LookUp {
  readonly source: ValueSource;
  /** Default: `fairlead`, or the only one. */
  readonly cluster?: string | undefined;
  /** What has been typed of it. */
  readonly current: string;
}

/** The names that there are right now, of the cluster where they belong to one. Files and folders are the shell's. */
export async function lookUp({ source, cluster, current }: LookUp): Promise<readonly Candidate[]> {
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
      return await targets(cluster, current);
    case "files":
    case "folders":
      return [];
  }
}

/** How long the API server may take: who has typed a TAB waits. */
const API_TIMEOUT_MS = 1_000;
const TARGET_KINDS = { svc: serviceKind, pod: podKind };

/** `svc/` and `pod/`, and behind them what there is in the namespace `default`. */
async function targets(cluster: string | undefined, current: string): Promise<readonly Candidate[]> {
  const [type, kind] = Object.entries(TARGET_KINDS).find(([name]) => current.startsWith(`${name}/`)) ?? [];
  if (kind === undefined) return Object.keys(TARGET_KINDS).map((name) => ({ word: `${name}/`, help: "" }));
  const { folder, config } = await knownCluster(cluster);
  const client = await localAdminClient(folder, config);
  const signal = AbortSignal.timeout(API_TIMEOUT_MS);
  const { items } = await client.list<KubeObject>(kind, { namespace: "default", signal });
  return items.map(({ metadata }) => ({ word: `${type}/${metadata.name}`, help: "" }));
}
