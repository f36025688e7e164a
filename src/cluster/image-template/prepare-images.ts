import { debuglog } from "node:util";
import type { NodeConfig } from "../description/cluster-config.ts";
import { imageCacheFolder } from "../description/state-folder.ts";
import { ensureLocalImageArchives } from "./ensure-local-image-archives.ts";
import { ensureTemplate } from "./ensure-template.ts";
import { isSeededFrom, isUnused, type SeededFolder } from "./seed-machine.ts";

const debug = debuglog("fairlead");

/** The images that nodes get. */
export interface NodeImages {
  readonly archives: readonly string[];
  /** Folder that new machines are copied from; undefined when it could not be made. */
  readonly template: string | undefined;
}

/**
 * Makes the archives of the local images and the template of them, where they do not exist. If a template cannot be made, images
 * are imported; `NODE_DEBUG=fairlead` prints the reason.
 */
export async function prepareImages(cacheFolder = imageCacheFolder()): Promise<NodeImages> {
  const archives = await ensureLocalImageArchives(cacheFolder);
  const template = await ensureTemplate({ cacheFolder, archives }).catch((error: Error) => {
    debug(error.message);
    return undefined;
  });
  return { archives, template };
}

/**
 * Remembers which machines are new. Must be called before the supervisor learns of the nodes. A machine that has run before may
 * have lost images since it was copied.
 *
 * @returns a function that says whether a node's machine was new and has been copied from the template since.
 */
export function watchSeeding(
  folder: { machine(nodeName: string): SeededFolder },
  nodes: readonly Pick<NodeConfig, "name">[],
  { template }: Pick<NodeImages, "template">,
): (nodeName: string) => Promise<boolean> {
  if (template === undefined) return async () => false;
  const unused = new Set(nodes.map(({ name }) => name).filter((name) => isUnused(folder.machine(name))));
  return async (nodeName) => unused.has(nodeName) && (await isSeededFrom(folder.machine(nodeName), template));
}
