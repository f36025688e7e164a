import { mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { pauseImage, toolsImage } from "../images/local-images.ts";
import type { ImageDescription } from "../images/oci-archive.ts";
import { ociArchive } from "../images/oci-archive.ts";
import { runCommand } from "../lib/run-command.ts";
import { writeFileAtomically } from "../lib/write-file-atomically.ts";
import type { ClusterConfig } from "./description/cluster-config.ts";
import type { StateFolder } from "./description/state-folder.ts";

/** Go's names of the processors that Node names otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** This machine's processor, as image manifests name it. */
export function imageArchitecture(): string {
  return ARCHITECTURES[process.arch] ?? process.arch;
}

/** The archives of the pause and the tool image: made from this machine's programs, once, and kept. */
export async function localImageArchives(cacheFolder: string): Promise<readonly string[]> {
  await mkdir(cacheFolder, { recursive: true });
  return await Promise.all([
    archiveOf(cacheFolder, "pause-1.tar", () => pauseImage(imageArchitecture())),
    archiveOf(cacheFolder, "tools-1.tar", async () => toolsImage(imageArchitecture(), await busyboxApplets())),
  ]);
}

async function archiveOf(folder: string, name: string, describe: () => Promise<ImageDescription>): Promise<string> {
  const file = path.join(folder, name);
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (!there) await writeFileAtomically(file, await ociArchive(await describe()), 0o644);
  return file;
}

async function busyboxApplets(): Promise<string[]> {
  return (await runCommand("/bin/busybox", ["--list"])).trim().split("\n");
}

/** Containerd's namespace of what the kubelet sees. */
const NAMESPACE = "k8s.io";

/** Puts an image archive (OCI or Docker layout, tar) into one machine's containerd. */
export async function loadImage(runtimeSocket: string, archive: string): Promise<void> {
  await runCommand("ctr", ["--address", runtimeSocket, "--namespace", NAMESPACE, "images", "import", archive]);
}

/** The references of the images that one machine has, digests left out. */
export async function listImages(runtimeSocket: string): Promise<readonly string[]> {
  const output = await runCommand("ctr", [
    "--address",
    runtimeSocket,
    "--namespace",
    NAMESPACE,
    "images",
    "list",
    "--quiet",
  ]);
  return output
    .split("\n")
    .filter((reference) => reference !== "" && !reference.startsWith("sha256:") && !reference.includes("@"))
    .sort();
}

/** Puts an image archive into the containerd of every machine of a cluster. */
export async function loadIntoNodes(folder: StateFolder, config: ClusterConfig, archive: string): Promise<void> {
  await Promise.all(config.nodes.map((node) => loadImage(folder.machine(node.name).runtimeSocket, archive)));
}
