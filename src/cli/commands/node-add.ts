import { addNode } from "@fairlead/cluster/change-nodes";
import { knownCluster } from "@fairlead/cluster/description/clusters";
import { requireRoot } from "@fairlead/cluster/preflight/prepare-machine";
import { waitSignal } from "@fairlead/lib/wait-signal";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";
import { parseDuration } from "../duration.ts";

/** `fairlead node add`: one more machine. */
export const nodeAddCommand = defineCommand({
  name: "node add",
  summary: "Add a node to a running cluster",
  positionals: [],
  flags: {
    name: CLUSTER_FLAG,
    wait: { type: "string", value: "DURATION", default: "2m", help: "How long to wait until it is Ready" },
  },
  examples: ["fairlead node add"],

  async run({ flags }, context) {
    requireRoot("node add");
    const { folder } = await knownCluster(flags.name);
    const signal = waitSignal(context.signal, parseDuration(flags.wait, "--wait"));
    const node = await addNode(folder, signal);
    context.out(node.name);
    return 0;
  },
});
