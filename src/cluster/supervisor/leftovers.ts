import { isAlive } from "@fairlead/lib/process-identity";
import type { ClusterConfig } from "../description/cluster-config.ts";
import type { StateFolder } from "../description/state-folder.ts";
import { readJournal } from "../journal/journal.ts";
import type { Resource } from "../journal/resources.ts";
import type { Leftovers } from "./overview.ts";

type Program = Resource & { readonly type: "process" };

/** What runs of a cluster whose supervisor does not answer, by the journal. */
export async function findLeftovers(folder: StateFolder, config: ClusterConfig): Promise<Leftovers> {
  const entries = await readJournal(folder.journal);
  const machines = await Promise.all(entries.flatMap((entry) => (entry.type === "machine" ? [isAlive(entry)] : [])));
  const programs = latestPrograms(entries, config);
  return {
    machinesRun: machines.includes(true),
    programs: await Promise.all(
      programs.map(async (program) => ({ name: program.role, pid: program.pid, runs: await isAlive(program) })),
    ),
  };
}

/** Each program was written down whenever it was started; those of nodes that were removed are of no interest. */
function latestPrograms(entries: readonly Resource[], { nodes }: ClusterConfig): readonly Program[] {
  const latest = new Map<string, Program>();
  for (const entry of entries) {
    if (entry.type !== "process" || entry.role === "supervisor") continue;
    const [machine] = entry.role.split("/");
    if (machine === entry.role || nodes.some(({ name }) => name === machine)) latest.set(entry.role, entry);
  }
  return [...latest.values()];
}
