import path from "node:path";

/**
 * Paths of the archives of the images that every machine has. They may not exist yet.
 *
 * One archive holds both images: each import starts a program, and containerd works as much again. The name changes with the
 * content of the images.
 */
export function localImageArchives(cacheFolder: string): readonly [string] {
  return [path.join(cacheFolder, "pause-1-tools-1-r2.tar")];
}
