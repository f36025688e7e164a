import { writeFile } from "node:fs/promises";
import path from "node:path";
import { knownCluster } from "@fairlead/cluster/description/clusters";
import { loadIntoNodes } from "@fairlead/cluster/node-images";
import { requireRoot } from "@fairlead/cluster/preflight/prepare-machine";
import { hostPrograms } from "@fairlead/images/host-programs";
import { imageArchitecture } from "@fairlead/images/image-architecture";
import type { LayerEntry } from "@fairlead/images/layer";
import { folderEntries } from "@fairlead/images/layer";
import { ociArchive } from "@fairlead/images/oci-archive";
import { fullReference } from "@fairlead/images/reference";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { fileProblem, isSystemError } from "@fairlead/lib/file-problem";
import { temporaryFile } from "@fairlead/lib/temporary-file";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand, UsageError } from "../define-command.ts";

/** `fairlead image build`: makes an image without a container engine and loads it into every node. */
export const imageBuildCommand = defineCommand({
  name: "image build",
  summary: "Make an image from a folder and from this machine's programs",
  description: [
    "The folder becomes the image's root. Each --program is copied with the shared libraries that it needs.",
    "The image is loaded into every node of the cluster, or written to a file with --output.",
  ],
  positionals: ["[FOLDER]"],
  positionalSources: ["folders"],
  flags: {
    tag: { type: "string", short: "t", value: "IMAGE", help: "Name and tag of the image" },
    program: {
      type: "string",
      value: "PATH",
      multiple: true,
      source: "files",
      help: "Program of this machine to put in; may be repeated",
    },
    entrypoint: { type: "string", value: "WORD", multiple: true, help: "A word of the entry point; may be repeated" },
    cmd: { type: "string", value: "WORD", multiple: true, help: "A word of the default arguments; may be repeated" },
    env: {
      type: "string",
      short: "e",
      value: "NAME=VALUE",
      multiple: true,
      help: "Environment variable; may be repeated",
    },
    workdir: { type: "string", value: "PATH", help: "Folder in which the program starts" },
    user: { type: "string", value: "UID[:GID]", help: "Whom the program runs as (default root)" },
    output: {
      type: "string",
      short: "o",
      value: "FILE",
      source: "files",
      help: "Write an OCI archive instead of loading the image",
    },
    name: CLUSTER_FLAG,
  },
  examples: [
    "fairlead image build -t shop/redis:1 --program /usr/bin/redis-server --entrypoint /usr/bin/redis-server",
    "fairlead image build ./root -t shop/web:2 --entrypoint /server -o web.tar",
  ],

  async run({ flags, positionals: [folder] }, context) {
    if (flags.tag === undefined) throw new UsageError("--tag is missing: name the image, for example shop/web:1");
    if (folder === undefined && flags.program.length === 0) throw new UsageError("name a folder, a --program, or both");
    const relative = flags.program.find((program) => !path.isAbsolute(program));
    if (relative !== undefined) throw new UsageError(`--program "${relative}" must be an absolute path`);
    const programs = await hostPrograms(flags.program.map((source) => ({ source, paths: [source] })));
    const reference = fullReference(flags.tag);
    const archive = await ociArchive({
      reference,
      architecture: imageArchitecture(),
      config: {
        ...(flags.entrypoint.length > 0 && { entrypoint: flags.entrypoint }),
        ...(flags.cmd.length > 0 && { cmd: flags.cmd }),
        ...(flags.env.length > 0 && { env: flags.env }),
        ...(flags.workdir !== undefined && { workingDir: flags.workdir }),
        ...(flags.user !== undefined && { user: flags.user }),
      },
      layers: [[...(folder === undefined ? [] : await entriesOf(folder)), ...programs]],
    });
    if (flags.output !== undefined) {
      await writeArchive(flags.output, archive);
      context.err(`Wrote ${reference} to ${flags.output}`);
      return 0;
    }
    requireRoot("image build");
    const { folder: state, config } = await knownCluster(flags.name);
    await using file = await temporaryFile("image.tar", archive);
    await loadIntoNodes(state, config, { path: file.path, names: [reference] });
    context.err(`Loaded ${reference} into ${config.nodes.map((n) => n.name).join(", ")}`);
    return 0;
  },
});

async function entriesOf(folder: string): Promise<LayerEntry[]> {
  try {
    return await folderEntries(folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new ExpectedError(`Cannot read the folder "${folder}": ${fileProblem(error)}`, { cause: error });
  }
}

async function writeArchive(file: string, archive: Buffer): Promise<void> {
  await writeFile(file, archive).catch((error: NodeJS.ErrnoException) => {
    throw new ExpectedError(`Cannot write "${file}": ${fileProblem(error)}`, { cause: error });
  });
}
