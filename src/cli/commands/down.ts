import { DEFAULT_CLUSTER, knownClusters } from "../../cluster/description/clusters.ts";
import { stateFolder } from "../../cluster/description/state-folder.ts";
import { takeDown } from "../../cluster/down.ts";
import { requireRoot } from "../../cluster/preflight/prepare-machine.ts";
import { defineCommand } from "../define-command.ts";

/** `fairlead down`: takes a cluster away and leaves nothing of it behind. */
export const downCommand = defineCommand({
  name: "down",
  summary: "Take a cluster away, with everything it has stored",
  positionals: [],
  flags: {
    name: { type: "string", value: "NAME", default: DEFAULT_CLUSTER, source: "clusters", help: "Name of the cluster" },
    all: { type: "boolean", help: "Take every cluster away" },
  },
  examples: ["fairlead down", "fairlead down --name second", "fairlead down --all"],

  async run({ flags }, context) {
    requireRoot("down");
    const names = flags.all ? (await knownClusters()).map((c) => c.config.name) : [flags.name];
    for (const name of names) {
      await takeDown(stateFolder(name));
      context.err(`The cluster "${name}" is gone`);
    }
    return 0;
  },
});
