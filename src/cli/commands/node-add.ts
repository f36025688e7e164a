import { addNode } from "../../cluster/change-nodes.ts";
import { DEFAULT_CLUSTER, knownCluster } from "../../cluster/description/clusters.ts";
import { requireRoot } from "../../cluster/preflight/prepare-machine.ts";
import { waitSignal } from "../../lib/wait-signal.ts";
import { defineCommand } from "../define-command.ts";
import { parseDuration } from "../duration.ts";

/** `fairlead node add`: one more machine. */
export const nodeAddCommand = defineCommand({
  name: "node add",
  summary: "Add a node to a running cluster",
  positionals: [],
  flags: {
    name: { type: "string", value: "NAME", default: DEFAULT_CLUSTER, source: "clusters", help: "Name of the cluster" },
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
