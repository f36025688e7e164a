import type { Pod } from "../../api/core/v1/pod/pod.ts";
import { nearestInteger } from "../../api/int64.ts";

/** Returns the id of the group that owns the volumes of a pod; `undefined` when the pod names none. */
export function fsGroupOf({ spec }: Pick<Pod, "spec">): number | undefined {
  const { fsGroup } = spec.securityContext;
  return fsGroup === undefined ? undefined : nearestInteger(fsGroup);
}
