import { readdir, readFile } from "node:fs/promises";
import type { ProcessIdentity } from "@fairlead/lib/process-identity";
import { identifyProcess } from "@fairlead/lib/process-identity";
import { type ClusterIdentity, fabricNetnsName } from "../description/cluster-names.ts";
import { stateHome } from "../description/state-folder.ts";

/**
 * Returns a cluster's processes outside its machines, supervisors first. They are recognized by their arguments and
 * environment.
 */
export async function clusterProcesses(cluster: ClusterIdentity): Promise<readonly ProcessIdentity[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const words = await wordsOf(pid, "cmdline");
      const role = roleOf(words, cluster);
      // Clusters of other homes may have the same name.
      if (role === undefined || (role === "supervisor" && (await scopeOfProcess(pid)) !== cluster.scope)) return [];
      const identity = await identifyProcess(Number(pid));
      return identity === undefined ? [] : [{ role, identity }];
    }),
  );
  return found
    .flat()
    .sort((a, b) => Number(b.role === "supervisor") - Number(a.role === "supervisor"))
    .map(({ identity }) => identity);
}

/** What a process with these arguments is to the cluster; undefined when nothing. */
export function roleOf(words: readonly string[], cluster: ClusterIdentity): "supervisor" | "uplink" | undefined {
  const at = words.indexOf("supervise");
  if (at > 0 && words[at + 1] === "--name" && words[at + 2] === cluster.name) return "supervisor";
  const isUplink = /(^|\/)slirp4netns$/.test(words[0] ?? "");
  return isUplink && words.includes(`/run/netns/${fabricNetnsName(cluster)}`) ? "uplink" : undefined;
}

async function scopeOfProcess(pid: string): Promise<string> {
  const variables = await wordsOf(pid, "environ");
  const home = variables.find((variable) => variable.startsWith("FAIRLEAD_HOME="))?.split("=", 2)[1];
  return stateHome({ FAIRLEAD_HOME: home }).scope;
}

/** None for a process that has ended. */
async function wordsOf(pid: string, file: "cmdline" | "environ"): Promise<string[]> {
  return (await readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")).split("\0");
}
