import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { Probe } from "@fairlead/api/core/v1/pod/probe";
import type { RuntimeContainer } from "../runtime/pod-runtime.ts";
import type { AnyContainer, PodState } from "../sync/pod-state.ts";
import { allContainers, newest } from "../sync/pod-state.ts";
import type { ProbeKind, ProbeResults } from "./probe-results.ts";
import type { ProbedInstance, ProbingOptions, RunningProbe } from "./repeat-probe.ts";
import { repeatProbe } from "./repeat-probe.ts";

/** Probes the containers of one pod for as long as they run. */
export interface PodProbes extends ProbeResults {
  /** Starts and stops probes so that they fit the containers that run now. */
  sync(pod: Pod, state: PodState): void;
  stop(): void;
}

/** Probes for one pod. Containers that ran before this call count as adopted. */
export function createPodProbes(options: ProbingOptions): PodProbes {
  const { clock, onChange } = options;
  const bornAt = clock.now();
  const running = new Map<string, RunningProbe>();
  const resultOf = (id: string, kind: ProbeKind) => running.get(`${id} ${kind}`)?.tally.settled;

  function start(kind: ProbeKind, probe: Probe, target: ProbedInstance): void {
    const { instance, adopted } = target;
    const known = adopted === undefined ? undefined : settledBefore(kind, adopted);
    const entry: RunningProbe = {
      tally: { settled: known, last: undefined, inARow: 0 },
      abort: new AbortController(),
    };
    running.set(`${instance.id} ${kind}`, entry);
    void repeatProbe({ ...options, kind, probe, target, entry }).catch(() => {});
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
      // A startup probe has done its work, but its result still counts.
      if (probe !== undefined || (kind === "startup" && running.has(key))) wanted.add(key);
      if (probe === undefined || running.has(key)) continue;
      const podIP = state.ips[0] ?? pod.status.podIP ?? pod.status.hostIP ?? "";
      start(kind, probe, {
        pod,
        container,
        instance,
        podIP,
        adopted: instance.startedAt < bornAt ? statusOf(pod, container, instance) : undefined,
      });
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
}

/** A container that was ready stays so over a restart of the kubelet, until a probe says otherwise. */
function settledBefore(kind: ProbeKind, { ready, started }: ContainerStatus) {
  const good = kind === "readiness" ? ready : kind === "startup" && started === true;
  return good ? ("success" as const) : undefined;
}

/** The stored status of exactly this instance, when it says that the container has got somewhere already. */
function statusOf({ status }: Pod, { name }: AnyContainer, { id }: RuntimeContainer): ContainerStatus | undefined {
  const found = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(
    (s) => s.name === name,
  );
  return found?.containerID?.endsWith(`//${id}`) === true && (found.ready || found.started === true)
    ? found
    : undefined;
}
