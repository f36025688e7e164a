import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { WaitingReason } from "../../status/container-status.ts";
import { allContainers } from "../../sync/pod-state.ts";

/** Annotations that named the profiles before fields did: this, and the container's name. */
const ANNOTATION_PREFIX = "container.apparmor.security.beta.kubernetes.io/";

/**
 * Refuses pods that ask for an AppArmor profile: the machines' containerd loads none. Running pods are left alone.
 * Upstream's reason and words, for a machine without AppArmor.
 */
export function appArmorRefusal(pod: Pod): WaitingReason | undefined {
  if ((pod.status.phase ?? "Pending") !== "Pending" || !asksForProfile(pod)) return undefined;
  return { reason: "AppArmor", message: "Cannot enforce AppArmor: AppArmor is not enabled on the host" };
}

function asksForProfile(pod: Pod): boolean {
  const contexts = [
    pod.spec.securityContext,
    ...allContainers(pod).map(({ container }) => container.securityContext ?? {}),
  ];
  if (contexts.some(({ appArmorProfile }) => (appArmorProfile?.type ?? "Unconfined") !== "Unconfined")) return true;
  const annotations = Object.entries(pod.metadata.annotations ?? {});
  return annotations.some(([key, value]) => key.startsWith(ANNOTATION_PREFIX) && value !== "unconfined");
}
