import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { probeGraceSeconds } from "@fairlead/api/core/v1/pod/termination-grace";
import type { ProbeResults } from "../../probes/probe-results.ts";
import type { RuntimeContainer } from "../../runtime/pod-runtime.ts";
import type { AnyContainer, PodState } from "../pod-state.ts";
import { containerNamed, ephemeralContainers, newest } from "../pod-state.ts";
import { remainingMs, secondsText } from "../record/back-off.ts";
import { definitionChanged } from "./container-hash.ts";
import { restartBackOff } from "./next-instance.ts";
import { planInit } from "./plan-init.ts";
import { restartsAfter, shouldStart } from "./restart-policy.ts";
import { sandboxNeeded } from "./sandbox-needed.ts";

/** Input of {@link planContainers}. */
export interface ContainersInput {
  readonly pod: Pod;
  readonly state: PodState;
  readonly probes: ProbeResults;
  /** Ids of running containers that have to start again to get other resources. */
  readonly restarts: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Needs of a pod that should be running, in this order: kill, make the sandbox, start. */
export interface ContainersPlan {
  /** End everything: the sandbox is broken, or nothing is left to run. */
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  /** Counts the sandboxes of this pod. */
  readonly sandboxAttempt: number;
  readonly kill: readonly ContainerKill[];
  /** Names, in the order in which to start them. */
  readonly start: readonly string[];
  /** Containers that wait out their back-off. */
  readonly waiting: readonly ContainerWait[];
}

/** A container that must end, and why. */
export interface ContainerKill {
  readonly containerId: string;
  readonly name: string;
  /** For the event `Killing`. */
  readonly message: string;
  /** The container starts again, with whatever code it ends. */
  readonly startsAgain: boolean;
  /** Of a probe that has a grace period of its own. */
  readonly graceSeconds?: number | undefined;
}

/** A container that is not started yet, and why. */
export interface ContainerWait {
  readonly name: string;
  readonly message: string;
  readonly remainingMs: number;
}

const NOTHING: ContainersPlan = {
  killPod: false,
  createSandbox: false,
  sandboxAttempt: 0,
  kill: [],
  start: [],
  waiting: [],
};

/**
 * Decides which containers and which sandbox a pod that should be running needs, as upstream's `computePodActions`.
 *
 * A pod that needs nothing has a plan with nothing in it.
 */
export function planContainers(input: ContainersInput): ContainersPlan {
  const { pod, state } = input;
  const { needed, attempt } = sandboxNeeded(pod, state);
  return needed ? planNewSandbox(input, attempt) : heldBack(planInSandbox(input), input);
}

function planNewSandbox({ pod, state, ...rest }: ContainersInput, sandboxAttempt: number): ContainersPlan {
  const plan: ContainersPlan = { ...NOTHING, killPod: state.sandboxes.length > 0, sandboxAttempt };
  const ranBefore = sandboxAttempt !== 0 && state.containers.length > 0;
  if (pod.spec.restartPolicy === "Never" && ranBefore) return plan;

  const start = pod.spec.containers.filter((c) => {
    const last = newest(state, c.name);
    return last === undefined || last.state !== "exited" || restartsAfter(pod, c, last.exitCode);
  });
  const initialized = pod.spec.containers.some((c) => newest(state, c.name) !== undefined);
  if (start.length === 0 && initialized) return plan;

  const [firstInit] = pod.spec.initContainers ?? [];
  const names = firstInit === undefined ? start.map((c) => c.name) : [firstInit.name];
  return { ...heldBack({ ...plan, start: names }, { pod, state, ...rest }), createSandbox: true };
}

function planInSandbox(input: ContainersInput): ContainersPlan {
  const { pod, state } = input;
  const sandboxAttempt = state.sandboxes[0]?.attempt ?? 0;
  const ephemeral = ephemeralContainers(pod)
    .filter((c) => newest(state, c.name) === undefined)
    .map((c) => c.name);

  const init = planInit(input);
  if (init.killPod) return { ...NOTHING, sandboxAttempt, killPod: true };
  if (!init.initialized) return { ...NOTHING, sandboxAttempt, kill: init.kill, start: [...ephemeral, ...init.start] };

  const kill = pod.spec.containers.flatMap((c) => {
    const reason = unwanted(c, newest(state, c.name), input);
    return reason === undefined ? [] : [{ ...reason, startsAgain: restartsAfter(pod, c, 1) }];
  });
  const killed = new Set(kill.map((k) => k.name));
  const running = pod.spec.containers.filter((c) => newest(state, c.name)?.state === "running");
  const start = pod.spec.containers.filter((c) => shouldStart(pod, c, state));
  const restarted = running.filter((c) => killed.has(c.name) && restartsAfter(pod, c, 1));
  if (start.length === 0 && restarted.length === 0 && running.every((c) => killed.has(c.name))) {
    return { ...NOTHING, sandboxAttempt, killPod: true };
  }
  return {
    ...NOTHING,
    sandboxAttempt,
    kill: [...init.kill, ...kill],
    start: [...ephemeral, ...init.start, ...start.map((c) => c.name)],
  };
}

/** Why a running container must go, if it must. */
function unwanted(
  container: AnyContainer,
  instance: RuntimeContainer | undefined,
  { probes, restarts }: ContainersInput,
): Omit<ContainerKill, "startsAgain"> | undefined {
  if (instance === undefined) return undefined;
  const base = { containerId: instance.id, name: container.name };
  const { name } = container;
  if (instance.state === "unknown") {
    return { ...base, message: `Container is in "unknown" state, try killing it before restart` };
  }
  if (instance.state !== "running") return undefined;
  if (definitionChanged(container, instance)) {
    return { ...base, message: `Container ${name} definition changed, will be restarted` };
  }
  if (restarts.has(instance.id)) return { ...base, message: `Container ${name} resize requires restart` };
  const { liveness, startup } = probes.of(instance.id);
  if (liveness === "failure") {
    const graceSeconds = probeGraceSeconds(container.livenessProbe);
    return { ...base, graceSeconds, message: `Container ${name} failed liveness probe, will be restarted` };
  }
  if (startup === "failure") {
    const graceSeconds = probeGraceSeconds(container.startupProbe);
    return { ...base, graceSeconds, message: `Container ${name} failed startup probe, will be restarted` };
  }
  return undefined;
}

/** Moves what still has to wait out its back-off from `start` to `waiting`. */
function heldBack(plan: ContainersPlan, { pod, state, now }: ContainersInput): ContainersPlan {
  const waiting = plan.start.flatMap((name) => {
    const last = newest(state, name);
    const container = containerNamed(pod, name);
    if (last?.state !== "exited" || container === undefined) return [];
    const backOff = restartBackOff(container, last);
    if (backOff === undefined) return [];
    const left = remainingMs(backOff, last.finishedAt, now);
    if (left === 0) return [];
    const { metadata } = pod;
    const who = `container=${name} pod=${metadata.name}_${metadata.namespace}(${metadata.uid})`;
    return [{ name, remainingMs: left, message: `back-off ${secondsText(backOff.delayMs)} restarting failed ${who}` }];
  });
  const held = new Set(waiting.map((w) => w.name));
  return { ...plan, start: plan.start.filter((name) => !held.has(name)), waiting };
}
