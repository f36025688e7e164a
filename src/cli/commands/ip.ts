import { knownCluster } from "@fairlead/cluster/description/clusters";
import { nodeAddresses } from "@fairlead/cluster/node-addresses";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";

/** `fairlead ip`: prints a node's address. */
export const ipCommand = defineCommand({
  name: "ip",
  summary: "Print a node's address",
  positionals: ["[NODE]"],
  positionalSources: ["nodes"],
  flags: {
    name: CLUSTER_FLAG,
  },
  examples: ["fairlead ip", "fairlead ip fairlead-2", "curl http://$(fairlead ip):30080"],

  async run({ flags, positionals: [wanted] }, context) {
    const { folder, config } = await knownCluster(flags.name);
    const node = wanted === undefined ? config.nodes[0] : config.nodes.find((n) => n.name === wanted);
    if (node === undefined) {
      throw new ExpectedError(
        `Cannot find node "${wanted}": the nodes are ${config.nodes.map((n) => n.name).join(", ")}`,
      );
    }
    const addresses = await nodeAddresses(folder, config);
    context.out(addresses.get(node.name) ?? node.address);
    return 0;
  },
});
