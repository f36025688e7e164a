import { existsSync } from "node:fs";
import { DEFAULT_CLUSTER, knownClusters } from "@fairlead/cluster/description/clusters";
import { stateFolder } from "@fairlead/cluster/description/state-folder";
import { takeDown } from "@fairlead/cluster/down";
import { requireRoot } from "@fairlead/cluster/preflight/prepare-machine";
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
    if (names.length === 0) context.err("There is no cluster");
    for (const name of names) {
      const folder = stateFolder(name);
      const wasThere = existsSync(folder.root);
      await takeDown(folder);
      context.err(wasThere ? `The cluster "${name}" is gone` : await nothingLeft(name));
    }
    return 0;
  },
});

/** No error, since `down` may be repeated; but a mistyped name has to be noticed. */
async function nothingLeft(name: string): Promise<string> {
  const others = (await knownClusters()).map((c) => c.config.name);
  const hint = others.length === 0 ? "" : `; there is ${others.join(", ")}`;
  return `There is no cluster "${name}", and nothing is left of one${hint}`;
}
