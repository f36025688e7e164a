import { readVersion } from "@fairlead/lib/version";
import { defineCommand } from "../define-command.ts";

/** `fairlead version`: this program's version, and the Kubernetes version it answers as. */
export const versionCommand = defineCommand({
  name: "version",
  summary: "Print the version",
  positionals: [],
  flags: { output: { type: "string", short: "o", value: "FORMAT", choices: ["json"], help: "json, for programs" } },
  examples: ["fairlead version"],

  async run({ flags }, context) {
    const version = readVersion();
    if (flags.output === "json") context.out(JSON.stringify({ ...version, node: process.version }));
    else context.out(`fairlead ${version.fairlead}, Kubernetes ${version.kubernetes}, Node.js ${process.version}`);
    return 0;
  },
});
