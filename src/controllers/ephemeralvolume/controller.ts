import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podClaims } from "@fairlead/api/core/v1/pod/pod-claims";
import { isAlreadyExists, isNamespaceTerminating } from "@fairlead/api/status-error";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import { type Running, running } from "@fairlead/lib/running";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isNamespaceEnding } from "../namespace-ending.ts";
import { keyOf } from "../object-key.ts";
import { planEphemeral } from "./plan.ts";

/** How soon is looked again whether a name has become free. */
const LOOK_AGAIN: LookAgain = { afterMs: 15_000 };

/** Makes the claims that pods bring along as templates. Keys are pods. They go with their pods, by owner reference. */
export function startEphemeralVolumeController({ clientFor, caches, log, clock, metrics }: ControllerContext): Running {
  const client = clientFor(controllerIdentity("ephemeral-volume-controller"));
  const events = createEventRecorder({ client, component: "ephemeral_volume", clock, log });

  const recordFailure = (pod: Pod, message: string) =>
    events.record(pod, { type: "Warning", reason: "FailedBinding", message });

  async function reconcile(key: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const pod = caches.pods.get(key);
    if (pod === undefined || isNamespaceEnding(caches, pod.metadata.namespace)) return undefined;
    const { namespace } = pod.metadata;
    const plan = planEphemeral(pod, (name) => caches.persistentVolumeClaims.get(`${namespace}/${name}`));
    for (const { volumeName, claim } of plan.create) {
      try {
        await client.create(persistentVolumeClaimKind, claim, { signal });
      } catch (error) {
        // Made before, and not in the copy yet: what it is is seen when it comes.
        if (isAlreadyExists(error) || isNamespaceTerminating(error)) continue;
        signal.throwIfAborted(); // Stopping is not a failure.
        const why = error instanceof Error ? error.message : String(error);
        recordFailure(pod, `ephemeral volume ${volumeName}: create PVC ${claim.metadata?.name}: ${why}`);
        throw error;
      }
    }
    for (const message of plan.taken) recordFailure(pod, message);
    return plan.taken.length > 0 ? LOOK_AGAIN : undefined;
  }

  const controller = startController({
    name: "ephemeralvolume",
    sources: [
      keysFrom(caches.pods, ({ key, after }) =>
        after !== undefined && podClaims(after).some(({ isEphemeral }) => isEphemeral) ? [key] : [],
      ),
      // A claim that was deleted, or that had the name, is gone.
      keysFrom(caches.persistentVolumeClaims, ({ key }) => caches.pods.byIndex("claim", key).map(keyOf)),
    ],
    reconcile,
    log,
    clock,
    metrics,
  });
  return running(async () => {
    await controller.stop();
    await events.stop();
  });
}
