import type { PersistentVolumeClaim } from "../../api/core/v1/persistentvolumeclaim.ts";
import { persistentVolumeClaimKind } from "../../api/core/v1/persistentvolumeclaim.ts";
import type { Pod } from "../../api/core/v1/pod/pod.ts";
import { podKind } from "../../api/core/v1/pod/pod.ts";
import { claimNames } from "../../api/core/v1/pod/pod-claims.ts";
import { isNotFound } from "../../api/status-error.ts";
import type { CacheChange } from "../../client/cache.ts";
import { keysFrom, startController } from "../../client/run-controller.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { keyOf } from "../object-key.ts";
import { withProtection } from "../protection.ts";
import { FINALIZER, isShutDown, planProtection, usesClaim } from "./plan.ts";

/** Lets deleted claims go once no pod uses them. Keys are claims. */
export function startPvcProtectionController({ clientFor, caches, log, clock }: ControllerContext) {
  const client = clientFor(controllerIdentity("pvc-protection-controller"));

  async function reconcile(key: string, signal: AbortSignal): Promise<undefined> {
    const claim = caches.persistentVolumeClaims.get(key);
    // Whether it is used is asked last: it takes the API server's word for it.
    if (claim === undefined || planProtection(claim, false) === "keep") return;
    const plan = planProtection(claim, await isUsed(claim, signal));
    if (plan === "keep") return;
    try {
      await client.update(persistentVolumeClaimKind, withProtection(claim, FINALIZER, plan), { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** A pod that the copy has not heard of yet may use it, too. */
  async function isUsed(claim: PersistentVolumeClaim, signal: AbortSignal): Promise<boolean> {
    if (claim.metadata.deletionTimestamp === undefined) return false;
    if (caches.pods.byIndex("claim", keyOf(claim)).some((pod) => usesClaim(pod, claim))) return true;
    const { items } = await client.list(podKind, { namespace: claim.metadata.namespace, signal });
    return items.some((pod) => usesClaim(pod, claim));
  }

  return startController({
    name: "pvcprotection",
    sources: [keysFrom(caches.persistentVolumeClaims), keysFrom(caches.pods, claimsLetGo)],
    reconcile,
    log,
    clock,
  });
}

/** The claims that a pod may have let go: all when it is gone, its own when it has ended for good. */
function claimsLetGo({ before, after }: CacheChange<Pod>): readonly string[] {
  if (before === undefined) return [];
  const isSame = before.metadata.uid === after?.metadata.uid;
  if (isSame && isShutDown(before) === isShutDown(after)) return [];
  return claimNames(before).map((name) => `${before.metadata.namespace}/${name}`);
}
