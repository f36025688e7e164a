import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { FINALIZER } from "@fairlead/api/well-known";
import { keysFrom, startController } from "@fairlead/client/controller/run-controller";
import { ifThere } from "@fairlead/client/if-there";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { withProtection } from "../protection.ts";
import { planProtection } from "./plan.ts";

/** Lets deleted volumes go once they are not bound. Keys are volumes. */
export function startPvProtectionController({ clientFor, caches, log, clock, metrics }: ControllerContext) {
  const client = clientFor(controllerIdentity("pv-protection-controller"));

  async function reconcile(name: string, signal: AbortSignal): Promise<undefined> {
    const volume = caches.persistentVolumes.get(name);
    const plan = volume === undefined ? "keep" : planProtection(volume);
    if (volume === undefined || plan === "keep") return;
    const changed = withProtection(volume, FINALIZER.volumeInUse, plan);
    await ifThere(client.update(persistentVolumeKind, changed, { signal }));
  }

  return startController({
    name: "pvprotection",
    sources: [keysFrom(caches.persistentVolumes)],
    reconcile,
    log,
    clock,
    metrics,
  });
}
