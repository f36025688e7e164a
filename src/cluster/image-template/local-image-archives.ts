import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { imageArchitecture } from "../../images/image-architecture.ts";
import { pauseImage, toolsImage } from "../../images/local-images.ts";
import { ociArchive } from "../../images/oci-archive.ts";
import { runCommand } from "../../lib/run-command.ts";
import { writeFileAtomically } from "../../lib/write-file-atomically.ts";

/**
 * Paths of the archives of the images that every machine has. They may not exist yet.
 *
 * One archive holds both images: each import starts a program, and containerd works as much again. The name changes with the
 * content of the images.
 */
export function localImageArchives(cacheFolder: string): readonly [string] {
  return [path.join(cacheFolder, "pause-1-tools-1-r2.tar")];
}

/**
 * Makes the archives that do not exist, from this machine's programs, and removes those of earlier versions.
 *
 * @returns their paths.
 */
export async function ensureLocalImageArchives(cacheFolder: string): Promise<readonly string[]> {
  await mkdir(cacheFolder, { recursive: true });
  const [file] = localImageArchives(cacheFolder);
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (!there) {
    const architecture = imageArchitecture();
    const tools = toolsImage(architecture, await busyboxApplets());
    await writeFileAtomically(file, await ociArchive(...(await Promise.all([pauseImage(architecture), tools]))), 0o644);
    await removeOthers(cacheFolder, path.basename(file));
  }
  return [file];
}

async function busyboxApplets(): Promise<string[]> {
  return (await runCommand("/bin/busybox", ["--list"])).trim().split("\n");
}

async function removeOthers(cacheFolder: string, current: string): Promise<void> {
  const names = (await readdir(cacheFolder)).filter((name) => /^pause-.*\.tar$/.test(name) && name !== current);
  await Promise.all(names.map((name) => rm(path.join(cacheFolder, name), { force: true })));
}
