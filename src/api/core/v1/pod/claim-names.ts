import type { Pod } from "./pod.ts";

/** The names of the PersistentVolumeClaims that the pod's volumes mention, in its own namespace. */
export function claimNames({ metadata, spec }: Pod): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    // A claim that is made for the pod is called so.
    return ephemeral === undefined ? [] : [`${metadata.name}-${name}`];
  });
}
