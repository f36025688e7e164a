import { knownCluster } from "@fairlead/cluster/description/clusters";
import { nodeAddresses } from "@fairlead/cluster/node-addresses";
import { askSupervisor } from "@fairlead/cluster/supervisor/control-server";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";
import { renderColumns } from "../render-columns.ts";

/** `fairlead node ls`: the machines of a cluster. */
export const nodeLsCommand = defineCommand({
  name: "node ls",
  summary: "List a cluster's nodes",
  positionals: [],
  flags: {
    name: CLUSTER_FLAG,
  },
  examples: ["fairlead node ls"],

  async run({ flags }, context) {
    const { folder, config } = await knownCluster(flags.name);
    const [status, addresses] = await Promise.all([
      askSupervisor(folder.supervisorSocket),
      nodeAddresses(folder, config),
    ]);
    const rows = config.nodes.map((node, i) => {
      const machine = status?.machines.find((m) => m.name === node.name);
      return [
        node.name,
        addresses.get(node.name) ?? node.address,
        i === 0 ? "control-plane" : "worker",
        machine?.state ?? "stopped",
      ];
    });
    for (const line of renderColumns([["NAME", "ADDRESS", "ROLE", "MACHINE"], ...rows])) context.out(line);
    return 0;
  },
});
