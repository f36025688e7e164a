import { addNode } from "../../cluster/change-nodes.ts";
import { knownCluster } from "../../cluster/description/clusters.ts";
import { requireRoot } from "../../cluster/preflight/prepare-machine.ts";
import { waitSignal } from "../../lib/wait-signal.ts";
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
