import type { PersistentVolume } from "../../api/core/v1/persistentvolume/persistentvolume.ts";
import { FINALIZER } from "../../api/well-known.ts";

/** What to do about the finalizer. Pure. */
export function planProtection({ metadata, status }: PersistentVolume): "add" | "remove" | "keep" {
  const isThere = metadata.finalizers?.includes(FINALIZER.volumeInUse) ?? false;
  if (metadata.deletionTimestamp === undefined) return isThere ? "keep" : "add";
  return isThere && status.phase !== "Bound" ? "remove" : "keep";
}
