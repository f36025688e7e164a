import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { nearestInteger } from "@fairlead/api/int64";

/** Returns the id of the group that owns the volumes of a pod; `undefined` when the pod names none. */
export function fsGroupOf({ spec }: Pick<Pod, "spec">): number | undefined {
  const { fsGroup } = spec.securityContext;
  return fsGroup === undefined ? undefined : nearestInteger(fsGroup);
}
