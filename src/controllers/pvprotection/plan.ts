import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { FINALIZER } from "@fairlead/api/well-known";

/** What to do about the finalizer. Pure. */
export function planProtection({ metadata, status }: PersistentVolume): "add" | "remove" | "keep" {
  const isThere = metadata.finalizers?.includes(FINALIZER.volumeInUse) ?? false;
  if (metadata.deletionTimestamp === undefined) return isThere ? "keep" : "add";
  return isThere && status.phase !== "Bound" ? "remove" : "keep";
}
