import { stateFolder } from "@fairlead/cluster/description/state-folder";
import { openJournal } from "@fairlead/cluster/journal/journal";
import { ownProgram } from "@fairlead/cluster/program";
import { identifyProcess } from "@fairlead/lib/process-identity";
import { defineCommand } from "../define-command.ts";
import { processLogger, untilAborted } from "../long-running.ts";

/** `fairlead supervise`: keeps one local cluster running. Started by `up`. */
export const superviseCommand = defineCommand({
  name: "supervise",
  summary: "Keep a local cluster's machines and programs running",
  positionals: [],
  flags: {
    name: { type: "string", value: "NAME", default: "fairlead", source: "clusters", help: "Name of the cluster" },
  },
  examples: [],
  hidden: true,

  async run({ flags }, context) {
    // Loaded only here: other commands start faster without it.
    const { startSupervisor } = await import("@fairlead/cluster/supervisor/supervisor");
    const folder = stateFolder(flags.name);
    const journal = await openJournal(folder.journal);
    const identity = await identifyProcess(process.pid);
    if (identity !== undefined) await journal.add({ type: "process", role: "supervisor", ...identity });
    await journal.close();
    const log = processLogger();
    await using _supervisor = await startSupervisor({ folder, program: ownProgram(), log });
    await untilAborted(context.signal);
    log.info("Stopping");
    return 0;
  },
});
