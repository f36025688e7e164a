import { knownCluster } from "@fairlead/cluster/description/clusters";
import { loadIntoNodes } from "@fairlead/cluster/node-images";
import { requireRoot } from "@fairlead/cluster/preflight/prepare-machine";
import { openArchive } from "@fairlead/images/open-archive";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { CommandError } from "@fairlead/lib/run-command";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";

/** `fairlead image load`: puts image archives into every node. */
export const imageLoadCommand = defineCommand({
  name: "image load",
  summary: "Load image archives into every node",
  description: [
    "An archive is a tar file as docker save, podman save and fairlead image build write it, also compressed with gzip or zstd.",
    "Prints the names of the images: pods use them under these.",
  ],
  positionals: ["ARCHIVE..."],
  positionalSources: ["files"],
  flags: {
    name: CLUSTER_FLAG,
  },
  examples: [
    "docker save my/app:1 -o app.tar && fairlead image load app.tar",
    "docker save my/app:1 | gzip > app.tar.gz && fairlead image load app.tar.gz",
  ],

  async run({ flags, positionals }, context) {
    requireRoot("image load");
    const { folder, config } = await knownCluster(flags.name);
    const nodes = config.nodes.length === 1 ? "1 node" : `${config.nodes.length} nodes`;
    for (const file of positionals) {
      await using archive = await openArchive(file);
      const names = await loadIntoNodes(folder, config, archive).catch((error: unknown) => {
        if (!(error instanceof CommandError)) throw error;
        throw new ExpectedError(`Cannot load "${file}": ${error.stderr.trim() || error.message}`, { cause: error });
      });
      context.err(`Loaded ${names.join(", ")} into ${nodes}`);
    }
    return 0;
  },
});
