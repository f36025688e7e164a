import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { ContainerStatus } from "../../api/core/v1/pod/pod-status.ts";
import type { Probe } from "../../api/core/v1/pod/probe.ts";
import type { Clock } from "../../lib/clock.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import { podReference } from "../events/references.ts";
import type { PodRuntime, RuntimeContainer } from "../runtime/pod-runtime.ts";
import type { AnyContainer, PodState } from "../sync/pod-state.ts";
import { allContainers, newest } from "../sync/pod-state.ts";
import type { ProbeKind, ProbeResults } from "./probe-results.ts";
import { runProbe } from "./run-probe.ts";
import type { ProbeTally } from "./threshold.ts";
import { tally } from "./threshold.ts";

/** Probes the containers of one pod for as long as they run. */
export interface PodProbes extends ProbeResults {
  /** Starts and stops probes so that they fit the containers that run now. */
  sync(pod: Pod, state: PodState): void;
  stop(): void;
}

export interface PodProbesOptions {
  readonly runtime: Pick<PodRuntime, "execSync">;
  readonly events: EventRecorder;
  readonly clock: Clock;
  /** What a probe says has changed. */
  readonly onChange: () => void;
}

interface Running {
  tally: ProbeTally;
  readonly abort: AbortController;
}

/** The first pause after a readiness probe that failed in a container that was never ready; doubles up to the period. */
const EAGER_MS = 100;

export function createPodProbes(options: PodProbesOptions): PodProbes {
  const { clock, onChange } = options;
  const running = new Map<string, Running>();
  const resultOf = (id: string, kind: ProbeKind) => running.get(`${id} ${kind}`)?.tally.settled;

  function start(kind: ProbeKind, probe: Probe, target: Target): void {
    const { instance, adopted } = target;
    const known = adopted === undefined ? undefined : settledBefore(kind, adopted);
    const entry: Running = {
      tally: { settled: known, last: undefined, inARow: 0 },
      abort: new AbortController(),
    };
    running.set(`${instance.id} ${kind}`, entry);
    void repeat({ ...options, kind, probe, target, entry }).catch(() => {});
    if (known !== undefined) onChange();
  }

  function syncContainer(pod: Pod, container: AnyContainer, state: PodState, wanted: Set<string>): void {
    const instance = newest(state, container.name);
    if (instance?.state !== "running") return;
    const started = container.startupProbe === undefined || resultOf(instance.id, "startup") === "success";
    const terminating = pod.metadata.deletionTimestamp !== undefined;
    const probes: Readonly<Record<ProbeKind, Probe | undefined>> = {
      startup: terminating ? undefined : container.startupProbe,
      liveness: started && !terminating ? container.livenessProbe : undefined,
      readiness: started ? container.readinessProbe : undefined,
    };
    for (const kind of ["startup", "liveness", "readiness"] as const) {
      const probe = probes[kind];
      const key = `${instance.id} ${kind}`;
      // A startup probe has done its work, but what it said still counts.
      if (probe !== undefined || (kind === "startup" && running.has(key))) wanted.add(key);
      if (probe === undefined || running.has(key)) continue;
      const podIP = state.ips[0] ?? pod.status.podIP ?? pod.status.hostIP ?? "";
      start(kind, probe, { pod, container, instance, podIP, adopted: statusOf(pod, container, instance) });
    }
  }

  return {
    of: (containerId) => {
      const startup = resultOf(containerId, "startup");
      const liveness = resultOf(containerId, "liveness");
      const readiness = resultOf(containerId, "readiness");
      return { ...(startup && { startup }), ...(liveness && { liveness }), ...(readiness && { readiness }) };
    },

    sync(pod, state) {
      const wanted = new Set<string>();
      for (const { container } of allContainers(pod)) syncContainer(pod, container, state, wanted);
      for (const [key, { abort }] of running) {
        if (wanted.has(key)) continue;
        abort.abort();
        running.delete(key);
      }
    },

    stop() {
      for (const { abort } of running.values()) abort.abort();
      running.clear();
    },
  };

  async function repeat({ kind, probe, target, entry, events, runtime }: Repeat): Promise<void> {
    const { signal } = entry.abort;
    const { pod, container, instance, podIP } = target;
    const delayMs = (probe.initialDelaySeconds ?? 0) * 1000 - (clock.now() - instance.startedAt);
    if (delayMs > 0) await clock.sleep(delayMs, signal);
    // A kubelet that adopts many pods at once spreads their probes.
    if (target.adopted !== undefined) await clock.sleep(Math.random() * probe.periodSeconds * 1000, signal);

    let eagerMs = EAGER_MS;
    while (!signal.aborted) {
      const { result, output } = await runProbe(probe, { runtime, container, containerId: instance.id, podIP });
      if (signal.aborted) return;
      const before = entry.tally;
      entry.tally = tally(before, result, {
        successThreshold: probe.successThreshold,
        failureThreshold: probe.failureThreshold,
      });
      const eager =
        kind === "readiness" &&
        result === "failure" &&
        before.settled !== "success" &&
        eagerMs < probe.periodSeconds * 1000;
      if (result === "failure" && !(eager && eagerMs < 2_000)) {
        const name = `${kind[0]?.toUpperCase() ?? ""}${kind.slice(1)}`;
        events.event(podReference(pod, container.name), "Warning", "Unhealthy", `${name} probe failed: ${output}`);
      }
      const { settled } = entry.tally;
      if (settled !== before.settled) onChange();
      // The container is killed for it, or has started: nothing more to ask.
      if (kind !== "readiness" && settled === "failure") return;
      if (kind === "startup" && settled === "success") return;
      await clock.sleep(eager ? eagerMs : probe.periodSeconds * 1000, signal);
      eagerMs *= 2;
    }
  }
}

interface Target {
  readonly pod: Pod;
  readonly container: AnyContainer;
  readonly instance: RuntimeContainer;
  readonly podIP: string;
  /** What the API says of this very instance: it ran before this kubelet did. */
  readonly adopted: ContainerStatus | undefined;
}

interface Repeat extends PodProbesOptions {
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly target: Target;
  readonly entry: Running;
}

/** A container that was ready stays so over a restart of the kubelet, until a probe says otherwise. */
function settledBefore(kind: ProbeKind, { ready, started }: ContainerStatus) {
  const good = kind === "readiness" ? ready : kind === "startup" && started === true;
  return good ? ("success" as const) : undefined;
}

/** The stored status of exactly this instance when it says that the container has got somewhere already. */
function statusOf({ status }: Pod, { name }: AnyContainer, { id }: RuntimeContainer): ContainerStatus | undefined {
  const found = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(
    (s) => s.name === name,
  );
  return found?.containerID?.endsWith(`//${id}`) === true && (found.ready || found.started === true)
    ? found
    : undefined;
}
