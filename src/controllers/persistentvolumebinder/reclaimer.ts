import { rm } from "node:fs/promises";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { Client } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import type { Logger } from "@fairlead/lib/log";
import type { ControllersOptions } from "../controllers-options.ts";
import type { BindingWriter } from "./binding-writer.ts";
import { planReclaim } from "./plan.ts";

/** What a reclaimer works with. */
export interface ReclaimerOptions {
  readonly client: Client;
  readonly write: BindingWriter;
  readonly removeFolder: ControllersOptions["removeFolder"];
  readonly log: Logger;
}

/** Deals with a volume that has lost its claim. Answers whether it failed, so that it has to be tried again. */
export type Reclaim = (volume: PersistentVolume, signal: AbortSignal) => Promise<"done" | "failed">;

/** Does what the volume's policy says, after the volume has become Released. */
export function createReclaimer({ client, write, removeFolder = remove, log }: ReclaimerOptions): Reclaim {
  /** Whether the API server has the volume as it was found. If not, its watch event will update the cache. */
  async function isAsFound({ metadata: { name, resourceVersion } }: PersistentVolume, signal: AbortSignal) {
    const current = await getIfThere(client, persistentVolumeKind, { name }, { signal });
    return current?.metadata.resourceVersion === resourceVersion;
  }

  return async (found, signal) => {
    // A failed volume stays in phase Failed during retries, so that the failure is visible.
    const isOver = found.status.phase === "Released" || found.status.phase === "Failed";
    const volume = isOver ? found : await write.volumePhase(found, "Released", { signal });
    const plan = planReclaim(volume);
    if (plan.do === "keep") return "done";
    if (plan.do === "fail") {
      await write.volumePhase(volume, "Failed", { event: plan.event, signal });
      return "failed";
    }
    const { name, uid } = volume.metadata;
    // The volume is read before the write: the cached copy may be stale, and the user may have kept the files meanwhile.
    if (isOver && !(await isAsFound(found, signal))) return "done";
    try {
      await removeFolder(plan.folder);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const event = { type: "Warning", reason: "VolumeFailedDelete", message } as const;
      await write.volumePhase(volume, "Failed", { event, signal });
      return "failed";
    }
    log.info("Deleting a volume whose claim is gone", { volume: name, folder: plan.folder });
    await client.delete(persistentVolumeKind, { name }, { preconditions: { uid }, signal });
    return "done";
  };
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
