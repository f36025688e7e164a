import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import { waitSignal } from "@fairlead/lib/wait-signal";
import { podReference } from "../../events/references.ts";
import { runHook } from "../../lifecycle/run-hook.ts";
import type { PodRuntime } from "../../runtime/pod-runtime.ts";
import { containerNamed } from "../../sync/pod-state.ts";
import type { ContainerStop } from "../../sync/pod-steps.ts";

/** What the last signal has time for even after a long hook, in seconds. */
const GRACE_MIN_SECONDS = 2;

/** Through what containers are stopped. */
export interface StopContext {
  readonly runtime: Pick<PodRuntime, "stopContainer" | "execSync">;
  readonly clock: Clock;
  readonly events: EventRecorder;
}

/**
 * Ends one container: preStop hook, stop signal, and the kill when the grace is over.
 *
 * @param options - `signal`: aborted when there is less time than before; the hook ends at once.
 */
export async function stopContainer(
  { containerId, name, message, deadlineMs }: ContainerStop,
  { pod, signal }: { readonly pod: Pod; readonly signal: AbortSignal },
  context: StopContext,
): Promise<void> {
  const { runtime, clock, events } = context;
  const reference = podReference(pod, name);
  const startedAt = clock.monotonicMs();
  const graceSeconds = Math.max(0, Math.ceil((deadlineMs - startedAt) / 1000));
  events.record(reference, { type: "Normal", reason: "Killing", message });
  const spec = containerNamed(pod, name);
  const preStop = spec?.lifecycle?.preStop;
  if (spec !== undefined && preStop !== undefined && graceSeconds > 0) {
    const over = waitSignal(signal, graceSeconds * 1000);
    const podIP = pod.status.podIP ?? pod.status.hostIP ?? "";
    const hook = runHook(preStop, { runtime, clock, container: spec, containerId, podIP, signal: over });
    const outOfTime = new Promise<void>((resolve) => {
      if (over.aborted) resolve();
      over.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([hook, outOfTime]).catch((error: Error) => {
      events.record(reference, {
        type: "Warning",
        reason: "FailedPreStopHook",
        message: `PreStopHook failed: ${error.message}`,
      });
    });
  }
  const usedSeconds = Math.floor((clock.monotonicMs() - startedAt) / 1000);
  const left =
    graceSeconds < GRACE_MIN_SECONDS ? graceSeconds : Math.max(GRACE_MIN_SECONDS, graceSeconds - usedSeconds);
  await runtime.stopContainer(containerId, left);
}
