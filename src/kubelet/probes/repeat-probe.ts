import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { Probe } from "@fairlead/api/core/v1/pod/probe";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import { podReference } from "../events/references.ts";
import type { PodRuntime, RuntimeContainer } from "../runtime/pod-runtime.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import type { ProbeKind, ProbeResult } from "./probe-results.ts";
import { runProbe } from "./run-probe.ts";
import type { ProbeTally } from "./threshold.ts";
import { tally } from "./threshold.ts";

/** What all probes of a pod share. */
export interface ProbingOptions {
  readonly runtime: Pick<PodRuntime, "execSync">;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** Called when the settled result of a probe has changed. */
  readonly onChange: () => void;
}

/** What is probed. */
export interface ProbedInstance {
  readonly pod: Pod;
  readonly container: AnyContainer;
  readonly instance: RuntimeContainer;
  readonly podIP: string;
  /** The status of this instance in the API, where it ran before this kubelet started. */
  readonly adopted: ContainerStatus | undefined;
}

/** A probe that is being repeated. */
export interface RunningProbe {
  tally: ProbeTally;
  readonly abort: AbortController;
}

/** One probe of one container. */
export interface RepeatOptions extends ProbingOptions {
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly target: ProbedInstance;
  readonly entry: RunningProbe;
}

/** The first pause after a readiness probe that failed in a container that was never ready; doubles up to the period. */
const EAGER_MS = 100;
/** Failures during the initial delay are not reported. */
const SILENT_MS = 2_000;

/** Probes one container until it is stopped, or no probe is left to make. Rejects when aborted in a pause. */
export async function repeatProbe({ kind, probe, target, entry, ...options }: RepeatOptions): Promise<void> {
  const { clock, runtime, onChange } = options;
  const { signal } = entry.abort;
  const { container, instance, podIP, adopted } = target;
  const periodMs = probe.periodSeconds * 1000;
  const { successThreshold, failureThreshold } = probe;
  // The container's start is a timestamp of the machine's clock, which may have been set back meanwhile.
  const delayMs = restOf((probe.initialDelaySeconds ?? 0) * 1000, clock.now() - instance.startedAt);
  if (delayMs > 0) await clock.sleep(delayMs, signal);
  // A kubelet that adopts many pods at once spreads their probes.
  if (adopted !== undefined) await clock.sleep(Math.random() * periodMs, signal);

  for (let eagerMs = EAGER_MS; !signal.aborted; eagerMs *= 2) {
    const startedMs = clock.monotonicMs();
    const { result, output } = await runProbe(probe, { runtime, container, containerId: instance.id, podIP });
    if (signal.aborted) return;
    const before = entry.tally.settled;
    // A probe that could not run has no result: an unreachable runtime is no reason to kill containers.
    if (result !== "unknown") entry.tally = tally(entry.tally, result, { successThreshold, failureThreshold });
    const eager = kind === "readiness" && result === "failure" && before !== "success" && eagerMs < periodMs;
    const isReported = result !== "success" && !(eager && eagerMs < SILENT_MS);
    if (isReported) recordUnhealthy(kind, `${FAILED[result]}: ${output}`, target, options.events);

    const { settled } = entry.tally;
    if (settled !== before) onChange();
    if (isOver(kind, settled)) return;
    await clock.sleep(eager ? eagerMs : restOf(periodMs, clock.monotonicMs() - startedMs), signal);
  }
}

/** Returns the part of a period that is left, in milliseconds. Periods count from the beginning of one probe to the next. */
function restOf(periodMs: number, goneMs: number): number {
  return Math.min(Math.max(periodMs - goneMs, 0), periodMs);
}

/** The container is killed for it, or has started: nothing more is to be asked. */
function isOver(kind: ProbeKind, settled: ProbeResult | undefined): boolean {
  return (kind !== "readiness" && settled === "failure") || (kind === "startup" && settled === "success");
}

/** Upstream's words. */
const FAILED = { failure: "failed", unknown: "errored and resulted in unknown state" } as const;

function recordUnhealthy(
  kind: ProbeKind,
  how: string,
  { pod, container }: ProbedInstance,
  events: EventRecorder,
): void {
  const name = `${kind[0]?.toUpperCase() ?? ""}${kind.slice(1)}`;
  events.record(podReference(pod, container.name), {
    type: "Warning",
    reason: "Unhealthy",
    message: `${name} probe ${how}`,
  });
}
