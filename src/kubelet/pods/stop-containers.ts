import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { EventRecorder } from "../../client/events/event-recorder.ts";
import type { Clock } from "../../lib/clock.ts";
import { settleAll } from "../../lib/settle-all.ts";
import { waitSignal } from "../../lib/wait-signal.ts";
import { podReference } from "../events/references.ts";
import { runHook } from "../lifecycle/run-hook.ts";
import type { PodRuntime, RuntimeContainer } from "../runtime/pod-runtime.ts";
import type { PodState } from "../sync/pod-state.ts";
import { containerNamed, isSidecar } from "../sync/pod-state.ts";

/** What the last signal has time for even after a long hook, in seconds. */
const GRACE_MIN_SECONDS = 2;

/** Through what containers are stopped. */
export interface StopContext {
  readonly runtime: Pick<PodRuntime, "stopContainer" | "execSync">;
  readonly clock: Clock;
  readonly events: EventRecorder;
}

/** What is stopped, and how patiently. */
export interface StopOptions {
  readonly pod: Pod;
  readonly state: PodState;
  /** For hooks and signals together. */
  readonly graceSeconds: number;
  /** Aborted when there is no more patience: hooks end at once. */
  readonly signal: AbortSignal;
}

/** Ends all containers of a pod: the regular ones at once, then the sidecars from the last to the first. */
export async function stopContainers(
  { pod, state, graceSeconds, signal }: StopOptions,
  context: StopContext,
): Promise<void> {
  const deadline = context.clock.monotonicMs() + graceSeconds * 1000;
  const running = state.containers.filter((c) => c.state === "running" || c.state === "unknown");
  const sidecars = (pod.spec.initContainers ?? [])
    .filter(isSidecar)
    .toReversed()
    .flatMap((spec) => running.filter((c) => c.name === spec.name));
  const regular = running.filter((c) => !sidecars.includes(c));
  const left = () => Math.max(0, Math.ceil((deadline - context.clock.monotonicMs()) / 1000));
  const stop = (container: RuntimeContainer) =>
    stopContainer(
      { pod, container, graceSeconds: left(), message: `Stopping container ${container.name}`, signal },
      context,
    );

  await settleAll(regular.map(stop));
  for (const sidecar of sidecars) await stop(sidecar);
}

/** Ends one container: preStop hook, stop signal, and the kill when the grace is over. */
export async function stopContainer(
  {
    pod,
    container,
    graceSeconds,
    message,
    signal,
  }: {
    readonly pod: Pod;
    readonly container: RuntimeContainer;
    readonly graceSeconds: number;
    /** For the event `Killing`. */
    readonly message: string;
    readonly signal: AbortSignal;
  },
  context: StopContext,
): Promise<void> {
  const { runtime, clock, events } = context;
  const reference = podReference(pod, container.name);
  const startedAt = clock.monotonicMs();
  events.record(reference, { type: "Normal", reason: "Killing", message });
  const spec = containerNamed(pod, container.name);
  const preStop = spec?.lifecycle?.preStop;
  if (spec !== undefined && preStop !== undefined && graceSeconds > 0) {
    const over = waitSignal(signal, graceSeconds * 1000);
    const podIP = pod.status.podIP ?? pod.status.hostIP ?? "";
    const hook = runHook(preStop, { runtime, clock, container: spec, containerId: container.id, podIP, signal: over });
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
  await runtime.stopContainer(container.id, left);
}
