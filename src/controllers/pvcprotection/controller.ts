import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { claimNames } from "@fairlead/api/core/v1/pod/pod-claims";
import { FINALIZER } from "@fairlead/api/well-known";
import type { CacheChange } from "@fairlead/client/cache/cache";
import { keysFrom, startController } from "@fairlead/client/controller/run-controller";
import { ifThere } from "@fairlead/client/if-there";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { keyOf } from "../object-key.ts";
import { withProtection } from "../protection.ts";
import { claimUses, isAmong, isShutDown, planProtection } from "./plan.ts";

/** Which claims are used, as the API server had it. */
interface Answer {
  readonly namespace: string | undefined;
  /** Newest version of any claim in the cache when we asked. */
  readonly upTo: bigint;
  readonly uses: ReadonlySet<string>;
}

/** Lets deleted claims go once no pod uses them. Keys are claims. */
export function startPvcProtectionController({ clientFor, caches, log, clock, metrics }: ControllerContext) {
  const client = clientFor(controllerIdentity("pvc-protection-controller"));

  /** The API server's last answer: one is enough for all claims of a namespace that were deleted before it. */
  let answer: Answer | undefined;

  async function reconcile(key: string, signal: AbortSignal): Promise<undefined> {
    const claim = caches.persistentVolumeClaims.get(key);
    // Whether it is used is asked last: it takes the API server's word for it.
    if (claim === undefined || planProtection(claim, false) === "keep") return;
    const plan = planProtection(claim, await isUsed(claim, signal));
    if (plan === "keep") return;
    const changed = withProtection(claim, FINALIZER.claimInUse, plan);
    await ifThere(client.update(persistentVolumeClaimKind, changed, { signal }));
  }

  /** A pod that the cache does not have yet may use it, too. */
  async function isUsed(claim: PersistentVolumeClaim, signal: AbortSignal): Promise<boolean> {
    if (claim.metadata.deletionTimestamp === undefined) return false;
    if (isAmong(claimUses(caches.pods.byIndex("claim", keyOf(claim))), claim)) return true;
    return isFreeByLastAnswer(claim) ? false : isAmong(await askForUses(claim, signal), claim);
  }

  /** An answer from after the deletion of the claim still holds: no pod that came later can have started. */
  function isFreeByLastAnswer(claim: PersistentVolumeClaim): boolean {
    const { namespace, resourceVersion } = claim.metadata;
    if (answer === undefined || answer.namespace !== namespace) return false;
    return BigInt(resourceVersion) <= answer.upTo && !isAmong(answer.uses, claim);
  }

  async function askForUses({ metadata: { namespace } }: PersistentVolumeClaim, signal: AbortSignal) {
    const upTo = BigInt(caches.persistentVolumeClaims.resourceVersion || "0");
    const { items } = await client.list(podKind, { namespace, signal });
    const uses = claimUses(items);
    answer = { namespace, upTo, uses };
    return uses;
  }

  return startController({
    name: "pvcprotection",
    sources: [keysFrom(caches.persistentVolumeClaims), keysFrom(caches.pods, claimsLetGo)],
    reconcile,
    log,
    clock,
    metrics,
  });
}

/** The claims that a pod may have let go: all when it is gone, its own when it has ended and no restart follows. */
function claimsLetGo({ before, after }: CacheChange<Pod>): readonly string[] {
  if (before === undefined) return [];
  const isSame = before.metadata.uid === after?.metadata.uid;
  if (isSame && isShutDown(before) === isShutDown(after)) return [];
  return claimNames(before).map((name) => `${before.metadata.namespace}/${name}`);
}
