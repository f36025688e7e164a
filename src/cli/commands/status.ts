import { knownCluster } from "@fairlead/cluster/description/clusters";
import { withoutSecrets } from "@fairlead/cluster/registries/registries";
import { askSupervisor } from "@fairlead/cluster/supervisor/control-server";
import { findLeftovers } from "@fairlead/cluster/supervisor/leftovers";
import { overviewOf, type ProgramLine } from "@fairlead/cluster/supervisor/overview";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";
import { renderColumns } from "../render-columns.ts";

/** `fairlead status`: the machines and programs of a cluster. */
export const statusCommand = defineCommand({
  name: "status",
  summary: "Show the machines and programs of a cluster",
  description: ["Exit code 0 when every machine and program runs, 1 otherwise."],
  positionals: [],
  flags: {
    name: CLUSTER_FLAG,
    output: { type: "string", short: "o", value: "FORMAT", choices: ["json"], help: "json, for programs" },
  },
  examples: ["fairlead status", "fairlead status -o json"],

  async run({ flags }, context) {
    const { folder, config } = await knownCluster(flags.name);
    const status = await askSupervisor(folder.supervisorSocket);
    const { state, programs, advice } = overviewOf(config, status ?? (await findLeftovers(folder, config)));
    const exitCode = state === "running" ? 0 : 1;
    if (flags.output === "json") {
      const registries = config.registries && withoutSecrets(config.registries);
      context.out(JSON.stringify({ ...config, registries, state, supervisor: status ?? null }, undefined, 2));
      return exitCode;
    }
    context.out(`Cluster ${config.name}: API server on https://127.0.0.1:${config.apiPort}, ${state}`);
    const rows = programs.length === 0 ? [] : [HEADINGS, ...programs.map(programRow)];
    for (const line of renderColumns(rows)) context.out(line);
    for (const sentence of advice) context.err(sentence);
    return exitCode;
  },
});

const HEADINGS = ["PROGRAM", "STATE", "PID", "RESTARTS", "LAST END"];

function programRow({ name, state, pid, restarts, lastEnd }: ProgramLine): string[] {
  return [name, state, String(pid ?? "-"), String(restarts ?? "-"), lastEnd || "-"];
}
