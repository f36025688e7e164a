import { spawn } from "node:child_process";
import { once } from "node:events";
import { knownCluster } from "@fairlead/cluster/description/clusters";
import { chooseLog, programLogs } from "@fairlead/cluster/description/program-logs";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import type { CommandContext } from "../define-command.ts";
import { defineCommand, UsageError } from "../define-command.ts";

/** `fairlead logs`: what Fairlead's own programs have written. Pods' logs are kubectl's. */
export const logsCommand = defineCommand({
  name: "logs",
  summary: "Print the log of one of the cluster's programs",
  positionals: ["[PROGRAM]"],
  positionalSources: ["programs"],
  flags: {
    name: CLUSTER_FLAG,
    tail: { type: "string", value: "N", help: "Print only the last N lines" },
    follow: { type: "boolean", short: "f", help: "Go on with what is written from now on, until Ctrl-C" },
  },
  examples: ["fairlead logs", "fairlead logs fairlead-1/server --tail 50", "fairlead logs server -f"],

  async run({ flags, positionals: [wanted] }, context) {
    if (flags.tail !== undefined && !/^\d+$/.test(flags.tail)) {
      throw new UsageError(`--tail "${flags.tail}" must be a whole number`);
    }
    const { folder } = await knownCluster(flags.name);
    const logs = await programLogs(folder);
    if (wanted === undefined) {
      if (flags.follow || flags.tail !== undefined) throw new UsageError("name a program: fairlead logs lists them");
      for (const { program } of logs) context.out(program);
      return 0;
    }
    const lines = flags.tail ?? "+1";
    // By its name, so that it goes on in the new file when the log is moved out of the way.
    const follow = flags.follow ? ["--follow=name", "--retry"] : [];
    return await show(["-n", lines, ...follow, chooseLog(logs, wanted).file], context);
  },
});

/** Ctrl-C is how following ends, and no failure. */
async function show(args: readonly string[], { signal }: CommandContext): Promise<number> {
  const tail = spawn("tail", args, { stdio: ["ignore", "inherit", "inherit"] });
  const end = () => tail.kill();
  signal.addEventListener("abort", end, { once: true });
  const [code] = (await once(tail, "exit")) as [number | null];
  signal.removeEventListener("abort", end);
  return signal.aborted ? 0 : (code ?? 0);
}
