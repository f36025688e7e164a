import { removeNode } from "@fairlead/cluster/change-nodes";
import { knownCluster } from "@fairlead/cluster/description/clusters";
import { requireRoot } from "@fairlead/cluster/preflight/prepare-machine";
import { waitSignal } from "@fairlead/lib/wait-signal";
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
