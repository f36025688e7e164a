import type { PersistentVolume } from "../../api/core/v1/persistentvolume.ts";

/** Holds a deleted volume for as long as it is bound to a claim. */
export const FINALIZER = "kubernetes.io/pv-protection";

/** What to do about the finalizer. Pure. */
export function planProtection({ metadata, status }: PersistentVolume): "add" | "remove" | "keep" {
  const isThere = metadata.finalizers?.includes(FINALIZER) ?? false;
  if (metadata.deletionTimestamp === undefined) return isThere ? "keep" : "add";
  return isThere && status.phase !== "Bound" ? "remove" : "keep";
}
