import type { Logger } from "@fairlead/lib/log";
import { imageCacheFolder } from "../description/state-folder.ts";
import { localImageArchives } from "./local-image-archives.ts";
import { type SeededFolder, seedMachine } from "./seed-machine.ts";
import { templateFolder } from "./template-folder.ts";

/** Gives a machine its images if it is new; resolves when its containerd may start. Later calls return the first one's promise. */
export type SeedMachines = (nodeName: string) => Promise<void>;

/** Seeds the machines of a cluster from the template of the local images, each once. Failures are logged. */
export function seedMachines(folder: { machine(nodeName: string): SeededFolder }, log: Logger): SeedMachines {
  const seeded = new Map<string, Promise<void>>();
  const seed = async (nodeName: string) => {
    const cacheFolder = imageCacheFolder();
    const template = await templateFolder(cacheFolder, localImageArchives(cacheFolder));
    if (template !== undefined) await seedMachine({ machine: folder.machine(nodeName), template, log });
  };
  return (nodeName) => {
    const promise = seeded.get(nodeName) ?? seed(nodeName);
    seeded.set(nodeName, promise);
    return promise;
  };
}
