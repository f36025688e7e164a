import { type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { type Running, running } from "@fairlead/lib/running";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { keyOf } from "../object-key.ts";
import { bindingSources } from "./binding-sources.ts";
import { createBindingWriter } from "./binding-writer.ts";
import { findClaim } from "./find-claim.ts";
import { claimKey, parseKey } from "./keys.ts";
import { planClaim, planVolume } from "./plan.ts";
import { createReclaimer } from "./reclaimer.ts";

/** How soon is looked again at what waits though nothing changes, as upstream does. */
const LOOK_AGAIN: LookAgain = { afterMs: 15_000 };

/** Brings claims and volumes together, and deals with volumes whose claims are gone. Keys are claims and volumes. */
export function startPersistentVolumeBinder({
  clientFor,
  caches,
  options,
  log,
  clock,
  metrics,
}: ControllerContext): Running {
  const client = clientFor(controllerIdentity("persistent-volume-binder"));
  const events = createEventRecorder({ client, component: "persistentvolume-controller", clock, log });
  const { persistentVolumes: volumes, persistentVolumeClaims: claims } = caches;
  const write = createBindingWriter({ client, events });
  const reclaim = createReclaimer({ client, write, removeFolder: options.removeFolder, log });

  async function reconcileClaim(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const claim = claims.get(key);
    if (claim === undefined) return undefined;
    const plan = planClaim(claim, volumes);
    switch (plan.do) {
      case "bind":
        await write.bind(plan.volume, claim, signal);
        return undefined;
      case "lose":
        await write.claimPhase(claim, "Lost", { event: plan.event, signal });
        return undefined;
      case "wait":
        if (plan.event !== undefined) events.record(claim, plan.event);
        await write.claimPhase(claim, "Pending", { signal });
        return plan.event && LOOK_AGAIN;
    }
  }

  async function reconcileVolume(name: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const volume = volumes.get(name);
    if (volume === undefined) return undefined;
    const claim = await findClaim(volume, { client, claims, signal });
    const plan = planVolume(volume, claim);
    switch (plan.do) {
      case "show":
        await write.volumePhase(volume, plan.phase, { signal });
        return undefined;
      case "wait":
        if (claim === undefined) return undefined;
        if (plan.modesDiffer) write.recordModeMismatch(volume, claim);
        else controller.enqueue(claimKey(keyOf(claim)));
        return undefined;
      case "unbind":
        await write.unbind(volume, signal);
        return undefined;
      case "reclaim":
        return (await reclaim(volume, signal)) === "failed" ? LOOK_AGAIN : undefined;
    }
  }

  const controller = startController({
    name: "persistentvolumebinder",
    sources: bindingSources(caches),
    reconcile(key, signal) {
      const { kind, name } = parseKey(key);
      return kind === "claim" ? reconcileClaim(name, signal) : reconcileVolume(name, signal);
    },
    log,
    clock,
    metrics,
  });
  return running(async () => {
    await controller.stop();
    await events.stop();
  });
}
