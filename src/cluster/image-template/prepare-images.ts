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
 * Makes the archives of the local images and the template of them, where they do not exist. Why a template could not be made
 * is printed with `NODE_DEBUG=fairlead`: images are imported then.
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
 * Finds out which machines will have the template's images when their containerd answers. Must be called before the supervisor
 * learns of the nodes: of a machine that has run before nobody knows which images it still has.
 *
 * @returns whether a node's machine was new then, and has been copied from the template since.
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
