import { existsSync } from "node:fs";
import { connect } from "node:net";
import { fullReference } from "@fairlead/images/reference";
import { CommandError, runCommand } from "@fairlead/lib/run-command";
import type { ClusterConfig, NodeConfig } from "./description/cluster-config.ts";
import { readClusterConfig } from "./description/cluster-config.ts";
import type { MachineFolder, StateFolder } from "./description/state-folder.ts";
import { waitFor } from "./wait-for.ts";

/** Containerd's namespace of what the kubelet sees. */
const NAMESPACE = "k8s.io";

/** Runs a command of `ctr images`. */
function images(runtimeSocket: string, words: readonly string[]): Promise<string> {
  return runCommand("ctr", ["--address", runtimeSocket, "--namespace", NAMESPACE, "images", ...words]);
}

/** Puts an image archive (OCI or Docker layout, tar) into one machine's containerd. */
export async function loadImage(runtimeSocket: string, archive: string): Promise<void> {
  const load = () => images(runtimeSocket, ["import", archive]);
  await load().catch(async (error: unknown) => {
    if (!(error instanceof CommandError) || !error.stderr.includes("already exists")) throw error;
    // A concurrent load finished first: the image is there now, and is replaced.
    await load();
  });
}

/** The references of the images that one machine has, digests left out. */
export async function listImages(runtimeSocket: string): Promise<readonly string[]> {
  const output = await images(runtimeSocket, ["list", "--quiet"]);
  return output
    .split("\n")
    .filter((reference) => reference !== "" && !reference.startsWith("sha256:") && !reference.includes("@"))
    .sort();
}

/** An uncompressed archive and the names of the images in it. */
export interface NamedArchive {
  readonly path: string;
  readonly names: readonly string[];
}

/**
 * Puts an image archive into the containerd of every machine of a cluster.
 *
 * @returns the full names, under which pods find the images. A short name in the archive, `my/app:1`, gets a full one too.
 */
export async function loadIntoNodes(
  folder: StateFolder,
  config: ClusterConfig,
  { path: archive, names }: NamedArchive,
): Promise<readonly string[]> {
  await Promise.all(
    config.nodes.map(async ({ name: node }) => {
      const { runtimeSocket } = folder.machine(node);
      await loadImage(runtimeSocket, archive);
      for (const name of names.filter((short) => fullReference(short) !== short)) {
        await images(runtimeSocket, ["tag", "--force", name, fullReference(name)]);
      }
    }),
  );
  return [...new Set(names.map(fullReference))];
}

/** Whom {@link giveImages} gives what. */
export interface GiveImagesOptions {
  readonly folder: Pick<StateFolder, "config"> & {
    machine(name: string): Pick<MachineFolder, "runtimeSocket">;
  };
  readonly nodes: readonly Pick<NodeConfig, "name">[];
  readonly archives: readonly string[];
  /** Whether a node has these images already. Called once its runtime answers. Default: it does not. */
  readonly has?: (nodeName: string) => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Default: {@link loadImage}. */
  readonly load?: typeof loadImage;
}

/** Puts image archives into nodes that start, each as soon as its runtime answers. One that is taken away meanwhile needs none. */
export async function giveImages(options: GiveImagesOptions): Promise<void> {
  const { folder, nodes, archives, signal, has = async () => false, load = loadImage } = options;
  await Promise.all(
    nodes.map(async ({ name }) => {
      const { runtimeSocket } = folder.machine(name);
      const isGone = async () => !(await readClusterConfig(folder.config))?.nodes.some((node) => node.name === name);
      let looks = 0;
      const problem = async () => {
        const found = await runtimeProblem(runtimeSocket);
        if (found === undefined) return undefined;
        // That it was taken away is seldom, and there is a file to read for it.
        return looks++ % LOOKS_PER_READING === 0 && (await isGone()) ? undefined : found;
      };
      await waitFor(`the container runtime of ${name}`, problem, signal);
      if ((await isGone()) || (await has(name))) return;
      try {
        for (const archive of archives) await load(runtimeSocket, archive);
      } catch (error) {
        if (!(await isGone())) throw error;
      }
    }),
  );
}

/** While a node's runtime does not answer, every how many looks it is read whether the node still is one of the cluster. */
const LOOKS_PER_READING = 25;

/** Why a machine's container runtime does not answer; undefined when it does. Its socket is there once it serves. */
async function runtimeProblem(socketPath: string): Promise<string | undefined> {
  if (!existsSync(socketPath)) return `there is no ${socketPath}`;
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("error", (error) => resolve(error.message));
    socket.once("connect", () => {
      socket.destroy();
      resolve(undefined);
    });
  });
}
