import { probeGraceSeconds } from "@fairlead/api/core/v1/pod/termination-grace";
import type { ContainerProbes } from "../../probes/probe-results.ts";
import type { RuntimeContainer } from "../../runtime/pod-runtime.ts";
import type { AnyContainer } from "../pod-state.ts";
import { isSidecar, newest } from "../pod-state.ts";
import { definitionChanged } from "./container-hash.ts";
import type { ContainerKill, ContainersInput } from "./plan-containers.ts";

/** What the init containers need. */
export interface InitPlan {
  /** Whether the regular containers may run. */
  readonly initialized: boolean;
  /** Initialization has failed and is not retried. */
  readonly killPod: boolean;
  readonly start: readonly string[];
  readonly kill: readonly ContainerKill[];
}

/** What one init container asks for: `done` lets the next one start. */
interface Step {
  readonly done: boolean;
  readonly failed?: true;
  readonly start?: true;
  readonly kill?: ContainerKill;
}

/**
 * What the init containers need: one after the other until each has succeeded, sidecars kept running.
 *
 * Goes backwards from the last one that has left a trace: instances of earlier ones may have been removed since.
 */
export function planInit(input: Pick<ContainersInput, "pod" | "state" | "probes" | "restarts">): InitPlan {
  const containers = input.pod.spec.initContainers ?? [];
  const { state } = input;
  const begun = input.pod.spec.containers.some((c) => {
    const instance = newest(state, c.name);
    return instance?.state === "running" || instance?.state === "created";
  });
  if (containers.length === 0) return { initialized: true, killPod: false, start: [], kill: [] };

  const reached = begun ? containers.length - 1 : containers.findLastIndex((c) => newest(state, c.name) !== undefined);
  const [first] = containers;
  if (reached === -1)
    return { initialized: false, killPod: false, start: first === undefined ? [] : [first.name], kill: [] };

  const steps = containers.slice(0, reached + 1).map((container, index) => ({
    container,
    step: stepOf(container, input, { past: begun || index < reached }),
  }));
  if (steps.some(({ step }) => step.failed)) return { initialized: false, killPod: true, start: [], kill: [] };

  const current = steps[reached]?.step;
  const next = !begun && current?.done === true ? containers[reached + 1] : undefined;
  return {
    initialized: begun || (current?.done === true && reached === containers.length - 1),
    killPod: false,
    kill: steps.flatMap(({ step }) => step.kill ?? []),
    start: [
      ...steps.filter(({ step }) => step.start).map(({ container }) => container.name),
      ...(next === undefined ? [] : [next.name]),
    ],
  };
}

/** @param past - Initialization is beyond this container: only a sidecar still matters. */
function stepOf(
  container: AnyContainer,
  { pod, state, probes, restarts }: Pick<ContainersInput, "pod" | "state" | "probes" | "restarts">,
  { past }: { readonly past: boolean },
): Step {
  const instance = newest(state, container.name);
  const sidecar = isSidecar(container);
  if (past && !sidecar) return { done: true };
  if (instance === undefined) return { done: false, start: true };

  switch (instance.state) {
    case "created":
      // Made but not started: the runtime failed in between. Create it again.
      return { done: false, start: true };
    case "running":
      return sidecar
        ? runningSidecar(container, instance, { ...probes.of(instance.id), restarts: restarts.has(instance.id) })
        : { done: false };
    case "exited":
      if (sidecar) return { done: false, start: true };
      if (instance.exitCode === 0) return { done: true };
      break;
    case "unknown":
      break;
  }
  if (pod.spec.restartPolicy === "Never" && !sidecar) return { done: false, failed: true };
  const kill = kills(container, instance, `Init container is in "unknown" state, try killing it before restart`);
  return instance.state === "unknown" ? { done: false, kill, start: true } : { done: false, start: true };
}

function runningSidecar(
  container: AnyContainer,
  instance: RuntimeContainer,
  { startup, liveness, restarts }: ContainerProbes & { readonly restarts: boolean },
): Step {
  const { name, startupProbe, livenessProbe } = container;
  if (startupProbe !== undefined && startup !== "success") {
    if (startup !== "failure") return { done: false };
    const graceSeconds = probeGraceSeconds(startupProbe);
    return {
      done: false,
      kill: { ...kills(container, instance, `Init container ${name} failed startup probe`), graceSeconds },
    };
  }
  if (definitionChanged(container, instance)) {
    return { done: true, kill: kills(container, instance, `Init container ${name} definition changed`) };
  }
  if (restarts) return { done: true, kill: kills(container, instance, `Container ${name} resize requires restart`) };
  if (liveness === "failure") {
    const graceSeconds = probeGraceSeconds(livenessProbe);
    return {
      done: true,
      kill: { ...kills(container, instance, `Init container ${name} failed liveness probe`), graceSeconds },
    };
  }
  return { done: true };
}

function kills({ name }: AnyContainer, { id }: RuntimeContainer, message: string): ContainerKill {
  return { containerId: id, name, message, startsAgain: true };
}
