import { DEFAULT_CLUSTER, knownCluster } from "../../cluster/description/clusters.ts";
import { askSupervisor } from "../../cluster/supervisor/control-server.ts";
import type { ProgramStatus } from "../../cluster/supervisor/kept-program.ts";
import { defineCommand, UsageError } from "../define-command.ts";
import { renderColumns } from "../render-columns.ts";

/** `fairlead status`: the machines and programs of a cluster. */
export const statusCommand = defineCommand({
  name: "status",
  summary: "Show the machines and programs of a cluster",
  description: ["Exit code 0 when every program runs, 1 otherwise."],
  positionals: [],
  flags: {
    name: { type: "string", value: "NAME", default: DEFAULT_CLUSTER, help: "Name of the cluster" },
    output: { type: "string", short: "o", value: "FORMAT", help: "json, for programs" },
  },
  examples: ["fairlead status", "fairlead status -o json"],

  async run({ flags }, context) {
    if (flags.output !== undefined && flags.output !== "json")
      throw new UsageError(`--output "${flags.output}" must be json`);
    const { folder, config } = await knownCluster(flags.name);
    const status = await askSupervisor(folder.supervisorSocket);
    const machines = status?.machines ?? config.nodes.map((n) => ({ ...n, state: "stopped" as const, programs: [] }));
    const programs: readonly ProgramStatus[] = [...(status?.programs ?? []), ...machines.flatMap((m) => m.programs)];
    const works = status !== undefined && programs.every((p) => p.state === "running");
    const state = works ? "running" : status === undefined ? "stopped" : "degraded";
    if (flags.output === "json") {
      context.out(JSON.stringify({ ...config, state, supervisor: status ?? null }, undefined, 2));
      return works ? 0 : 1;
    }
    context.out(`Cluster ${config.name}: API server on https://127.0.0.1:${config.apiPort}, ${state}`);
    const rows = [["PROGRAM", "STATE", "PID", "RESTARTS", "LAST END"], ...programs.map(programRow)];
    for (const line of renderColumns(rows)) context.out(line);
    return works ? 0 : 1;
  },
});

function programRow(program: ProgramStatus): string[] {
  return [program.name, program.state, String(program.pid ?? "-"), String(program.restarts), program.lastEnd || "-"];
}
