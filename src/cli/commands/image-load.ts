import { DEFAULT_CLUSTER, knownCluster } from "../../cluster/description/clusters.ts";
import { loadIntoNodes } from "../../cluster/node-images.ts";
import { requireRoot } from "../../cluster/preflight/prepare-machine.ts";
import { defineCommand } from "../define-command.ts";

/** `fairlead image load`: puts image archives into every node. */
export const imageLoadCommand = defineCommand({
  name: "image load",
  summary: "Load image archives into every node",
  description: ["An archive is a tar file as docker save, podman save and fairlead image build write it."],
  positionals: ["ARCHIVE..."],
  positionalSources: ["files"],
  flags: {
    name: { type: "string", value: "NAME", default: DEFAULT_CLUSTER, source: "clusters", help: "Name of the cluster" },
  },
  examples: ["docker save my/app:1 -o app.tar && fairlead image load app.tar"],

  async run({ flags, positionals }, context) {
    requireRoot("image load");
    const { folder, config } = await knownCluster(flags.name);
    for (const archive of positionals) {
      await loadIntoNodes(folder, config, archive);
      context.err(`Loaded ${archive} into ${config.nodes.length === 1 ? "1 node" : `${config.nodes.length} nodes`}`);
    }
    return 0;
  },
});
