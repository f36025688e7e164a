import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { nearestInteger } from "@fairlead/api/int64";
import { allContainers } from "../sync/pod-state.ts";

/** Readable by its owner alone. An `fsGroup` may read it, too, as every file of the volume. */
const OWNER_ONLY = 0o600;

/**
 * Returns the mode and the owner of a token's file, as upstream's projected volumes: the user of all containers, where
 * they have one in common. Otherwise root owns it, and only an `fsGroup` tightens the volume's mode.
 *
 * @param mode - The volume's `defaultMode`.
 */
export function tokenOwnership(pod: Pod, mode: number): { readonly mode: number; readonly uid?: number } {
  const uid = commonUser(pod);
  if (uid !== undefined) return { mode: OWNER_ONLY, uid };
  return { mode: pod.spec.securityContext.fsGroup === undefined ? mode : OWNER_ONLY };
}

/** Undefined when one container of any kind has no `runAsUser`, or another one than the rest. */
function commonUser(pod: Pod): number | undefined {
  const users = allContainers(pod).map(
    ({ container }) => container.securityContext?.runAsUser ?? pod.spec.securityContext.runAsUser,
  );
  const [user] = users;
  return new Set(users).size === 1 && user !== undefined ? nearestInteger(user) : undefined;
}
