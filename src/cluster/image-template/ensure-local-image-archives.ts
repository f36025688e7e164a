import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { imageArchitecture } from "@fairlead/images/image-architecture";
import { pauseImage, toolsImage } from "@fairlead/images/local-images";
import { ociArchive } from "@fairlead/images/oci-archive";
import { runCommand } from "@fairlead/lib/run-command";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import { localImageArchives } from "./local-image-archives.ts";

/**
 * Makes the archives that do not exist, from this machine's programs, and removes those of earlier versions.
 *
 * @param make - Returns the bytes of the archive.
 * @returns their paths.
 */
export async function ensureLocalImageArchives(
  cacheFolder: string,
  make: () => Promise<Uint8Array> = makeArchive,
): Promise<readonly string[]> {
  await mkdir(cacheFolder, { recursive: true });
  const [file] = localImageArchives(cacheFolder);
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (!there) {
    await writeFileAtomically(file, await make(), 0o644);
    await removeOthers(cacheFolder, path.basename(file));
  }
  return [file];
}

async function makeArchive(): Promise<Uint8Array> {
  const architecture = imageArchitecture();
  const applets = (await runCommand("/bin/busybox", ["--list"])).trim().split("\n");
  return await ociArchive(await pauseImage(architecture), await toolsImage(architecture, applets));
}

async function removeOthers(cacheFolder: string, current: string): Promise<void> {
  const names = (await readdir(cacheFolder)).filter((name) => /^pause-.*\.tar$/.test(name) && name !== current);
  await Promise.all(names.map((name) => rm(path.join(cacheFolder, name), { force: true })));
}
