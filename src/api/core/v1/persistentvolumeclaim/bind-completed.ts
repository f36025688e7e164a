import type { PersistentVolumeClaim } from "./persistentvolumeclaim-schema.ts";

/** On a claim that has got a volume. What it means to have none changes with it: a loss, no longer a wait. */
export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

/** Whether the claim names a volume, and not only asks for it. */
export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return (spec.volumeName ?? "") !== "" && metadata.annotations?.[BIND_COMPLETED] !== undefined;
}
