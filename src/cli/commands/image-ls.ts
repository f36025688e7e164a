import { knownCluster } from "@fairlead/cluster/description/clusters";
import { listImages } from "@fairlead/cluster/node-images";
import { requireRoot } from "@fairlead/cluster/preflight/prepare-machine";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";
import { renderColumns } from "../render-columns.ts";

/** `fairlead image ls`: the images that the nodes have. */
export const imageLsCommand = defineCommand({
  name: "image ls",
  summary: "List the images that the nodes have",
  positionals: [],
  flags: {
    name: CLUSTER_FLAG,
  },
  examples: ["fairlead image ls"],

  async run({ flags }, context) {
    requireRoot("image ls");
    const { folder, config } = await knownCluster(flags.name);
    const nodesByImage = new Map<string, string[]>();
    for (const node of config.nodes) {
      for (const image of await listImages(folder.machine(node.name).runtimeSocket)) {
        nodesByImage.set(image, [...(nodesByImage.get(image) ?? []), node.name]);
      }
    }
    const rows = [...nodesByImage]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([image, nodes]) => [image, nodes.join(",")]);
    for (const line of renderColumns([["IMAGE", "NODES"], ...rows])) context.out(line);
    return 0;
  },
});
