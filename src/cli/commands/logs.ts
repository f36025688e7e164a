import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { DEFAULT_CLUSTER, knownCluster } from "../../cluster/description/clusters.ts";
import { ExpectedError } from "../../lib/expected-error.ts";
import { runCommand } from "../../lib/run-command.ts";
import { defineCommand, UsageError } from "../define-command.ts";

/** `fairlead logs`: what Fairlead's own programs have written. Pods' logs are kubectl's. */
export const logsCommand = defineCommand({
  name: "logs",
  summary: "Print the log of one of the cluster's programs",
  positionals: ["[PROGRAM]"],
  flags: {
    name: { type: "string", value: "NAME", default: DEFAULT_CLUSTER, help: "Name of the cluster" },
    tail: { type: "string", value: "N", help: "Print only the last N lines" },
  },
  examples: ["fairlead logs", "fairlead logs fairlead-1/server --tail 50"],

  async run({ flags, positionals: [program] }, context) {
    if (flags.tail !== undefined && !/^\d+$/.test(flags.tail)) {
      throw new UsageError(`--tail "${flags.tail}" must be a whole number`);
    }
    const { folder } = await knownCluster(flags.name);
    const names = (await readdir(folder.logs)).filter((file) => file.endsWith(".log")).map((file) => file.slice(0, -4));
    if (program === undefined) {
      for (const name of names.sort()) context.out(name);
      return 0;
    }
    const name = program.replace("/", "-");
    if (!names.includes(name)) {
      throw new ExpectedError(`Cannot find the program "${program}": there is ${names.sort().join(", ")}`);
    }
    const file = path.join(folder.logs, `${name}.log`);
    if (flags.tail !== undefined) context.write(await runCommand("tail", ["-n", flags.tail, file]));
    else for await (const chunk of createReadStream(file, { signal: context.signal })) context.write(chunk);
    return 0;
  },
});
