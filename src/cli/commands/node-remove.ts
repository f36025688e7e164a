import { removeNode } from "../../cluster/change-nodes.ts";
import { knownCluster } from "../../cluster/description/clusters.ts";
import { requireRoot } from "../../cluster/preflight/prepare-machine.ts";
import { waitSignal } from "../../lib/wait-signal.ts";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";
import { parseDuration } from "../duration.ts";

/** `fairlead node remove`: one machine less. */
export const nodeRemoveCommand = defineCommand({
  name: "node remove",
  summary: "Take a node out of a running cluster",
  description: [
    "Its pods are deleted first, each with its own time to end; then the machine and its files are removed.",
  ],
  positionals: ["NODE"],
  positionalSources: ["nodes"],
  flags: {
    name: CLUSTER_FLAG,
    wait: { type: "string", value: "DURATION", default: "2m", help: "How long to wait for its pods to end" },
  },
  examples: ["fairlead node remove fairlead-3"],

  async run({ flags, positionals: [node = ""] }, context) {
    requireRoot("node remove");
    const { folder, config } = await knownCluster(flags.name);
    const signal = waitSignal(context.signal, parseDuration(flags.wait, "--wait"));
    await removeNode(folder, config, { name: node, report: context.err, signal });
    context.err(`The node ${node} is gone`);
    return 0;
  },
});
