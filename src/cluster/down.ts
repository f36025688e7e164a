import path from "node:path";
import { readClusterConfig } from "./description/cluster-config.ts";
import { clusterCgroup, fabricNetnsName, hostLinkName, scopeCgroup } from "./description/cluster-names.ts";
import { type StateFolder, stateHome } from "./description/state-folder.ts";
import { clusterProcesses } from "./journal/cluster-processes.ts";
import { readJournal } from "./journal/journal.ts";
import type { Resource } from "./journal/resources.ts";
import { removeEmptyFolder, removeResource } from "./journal/resources.ts";
import { deselectContext } from "./kubeconfig/kubeconfig-record.ts";
import { removeCgroupIfEmpty } from "./machines/cgroup.ts";
import { unreachableRoutes } from "./machines/host-routes.ts";

/**
 * Takes a cluster away: every process, namespace, interface, route, mount, cgroup and file of it.
 *
 * Works from the journal, and from the names that things have where the journal is gone. Can be repeated: what
 * is not there any more is no error.
 */
export async function takeDown(folder: StateFolder): Promise<void> {
  await deselectContext(folder);
  await stopMachines(folder);
  await removeEverything(folder);
}

/** Ends every process of the cluster and takes its network away; what it has stored stays. */
export async function stopMachines(folder: StateFolder): Promise<void> {
  const entries = await readJournal(folder.journal);
  const ofType = (...types: Resource["type"][]) => entries.filter((entry) => types.includes(entry.type)).reverse();
  // The supervisor first: it would start again what ends. It stops its programs itself when it can.
  const isSupervisor = (entry: Resource) => entry.type === "process" && entry.role === "supervisor";
  for (const entry of ofType("process").filter(isSupervisor)) await removeResource(entry);
  for (const identity of await clusterProcesses(folder)) {
    await removeResource({ type: "process", role: "named", ...identity });
  }
  await Promise.all(ofType("process").map(removeResource));
  await Promise.all(ofType("machine").map(removeResource));
}

async function removeEverything(folder: StateFolder): Promise<void> {
  const entries = [...(await wellKnownResources(folder)), ...(await readJournal(folder.journal))];
  const seen = new Set<string>();
  const remaining = entries.reverse().filter((entry) => {
    const key = JSON.stringify(entry);
    if (seen.has(key) || entry.type === "process" || entry.type === "machine") return false;
    seen.add(key);
    return true;
  });
  // The unreachable routes last: until then no packet for the cluster may leave this machine by another way.
  const last = remaining.filter((entry) => entry.type === "unreachableRoute");
  for (const entry of remaining.filter((e) => e.type !== "unreachableRoute")) await removeResource(entry);
  await removeResource({ type: "folder", path: folder.runRoot });
  await removeEmptyFolder(path.dirname(folder.runRoot));
  await removeCgroupIfEmpty(scopeCgroup(folder));
  for (const entry of last) await removeResource(entry);
  await removeResource({ type: "folder", path: folder.root });
  await removeEmptyFolder(path.join(stateHome().state, "clusters"));
}

/** What a cluster of this name has, whatever its journal says. */
async function wellKnownResources(folder: StateFolder): Promise<Resource[]> {
  // What another version has written is not understood: its journal is.
  const config = await readClusterConfig(folder.config).catch(() => undefined);
  return [
    ...(config === undefined ? [] : unreachableRoutes(config)),
    { type: "cgroup", path: clusterCgroup(folder) },
    { type: "netns", name: fabricNetnsName(folder) },
    { type: "link", name: hostLinkName(folder) },
  ];
}
