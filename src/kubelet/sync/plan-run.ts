import { terminationGraceSeconds } from "@fairlead/api/core/v1/pod/termination-grace";
import type { ContainersPlan } from "./containers/plan-containers.ts";
import { planGarbage } from "./plan-garbage.ts";
import { planMissing } from "./plan-missing.ts";
import type { PodPlan, PodPlanInput } from "./plan-pod.ts";
import { containerNamed } from "./pod-state.ts";
import type { PodStep, StepGroups } from "./pod-steps.ts";
import { choosePull } from "./record/pod-pulls.ts";
import { waitMs } from "./record/pod-record.ts";
import type { ContainerUpdate } from "./resize/plan-resize.ts";
import { livingContainers, stopGroups } from "./stop-groups.ts";
import { volumesNeed } from "./volumes-need.ts";

/** Steps of a pod that should run, and when to look at it again. */
export type RunPlan = Pick<PodPlan, "groups" | "wakeAtMs">;

/** The needs of the pod's containers. */
export interface RunNeeds {
  readonly containers: ContainersPlan;
  /** Running containers that get other resources. */
  readonly updates: readonly ContainerUpdate[];
}

/** Returns the steps of a pod that should run: kills; or else changes of resources, then starts; or else these, then upkeep. */
export function planRun(input: PodPlanInput, { containers, updates }: RunNeeds): RunPlan {
  const { now, record } = input;
  const nowMs = now.monotonicMs;
  const kills = planKills(input, containers);
  if (kills.length > 0) return { groups: kills, wakeAtMs: nowMs };
  const rest = planRest(input, containers);
  if (updates.length === 0) return rest;
  const retryAtMs = record.resize.retry?.atMs ?? 0;
  if (retryAtMs > nowMs) return { ...rest, wakeAtMs: Math.min(rest.wakeAtMs, retryAtMs) };
  return {
    groups: [[{ do: "resize-containers", updates }], [{ do: "write-record" }], ...rest.groups],
    wakeAtMs: nowMs,
  };
}

function planRest(input: PodPlanInput, containers: ContainersPlan): RunPlan {
  const { now, record } = input;
  const nowMs = now.monotonicMs;

  const startWaitMs = (name: string) => waitMs(record, record.startWaits.get(name), nowMs);
  const due = containers.start.filter((name) => startWaitMs(name) === 0 && !isPulled(name, input));
  const waits = [...containers.waiting.map((w) => w.remainingMs), ...containers.start.map(startWaitMs)];
  const nextAtMs = nowMs + Math.min(Number.POSITIVE_INFINITY, ...waits.filter((ms) => ms > 0));
  const isMissing = due.length > 0 || containers.createSandbox;
  const { groups, wakeAtMs } = isMissing ? planMissing(input, containers, due) : planUpkeep(input);
  return { groups, wakeAtMs: Math.min(nextAtMs, wakeAtMs) };
}

/** Whether a pull for the container's next start is under way. Its end wakes the pod. */
function isPulled(name: string, { pod, record, now }: PodPlanInput): boolean {
  const container = containerNamed(pod, name);
  return container !== undefined && choosePull(record.pulls, container, now.monotonicMs).choice === "pulling";
}

/** Stops single containers, or the whole pod: then all containers, and the sandboxes after them. */
function planKills({ pod, state, now }: PodPlanInput, { killPod, kill }: ContainersPlan): StepGroups {
  const graceSeconds = terminationGraceSeconds(pod.spec);
  const deadlineMs = (seconds: number) => now.monotonicMs + seconds * 1000;
  if (killPod) {
    if (livingContainers(state).length === 0 && !state.sandboxes.some((s) => s.ready)) return [];
    const sandboxes = state.sandboxes.map(({ id: sandboxId }) => ({ do: "stop-sandbox", sandboxId }) as const);
    return [...stopGroups(pod, state, deadlineMs(graceSeconds)), sandboxes];
  }
  const stops = kill.map(({ containerId, name, message, graceSeconds: own = graceSeconds }): PodStep => {
    return { do: "stop-container", containerId, name, message, deadlineMs: deadlineMs(own) };
  });
  return stops.length === 0 ? [] : [stops];
}

/** Removes garbage, and renews volumes that are out of date. */
function planUpkeep(input: PodPlanInput): RunPlan {
  const { state, record, now } = input;
  const garbage = planGarbage(state);
  // No container reads the volumes of a pod without a ready sandbox.
  const inMs = state.sandboxes.some((s) => s.ready) ? volumesNeed(input).inMs : Number.POSITIVE_INFINITY;
  const volumes: StepGroups =
    inMs === 0 ? [[{ do: "read-objects" }], [{ do: "make-volumes", asOf: record.changes }]] : [];
  const groups = [...garbage, ...volumes];
  return { groups, wakeAtMs: groups.length > 0 ? now.monotonicMs : now.monotonicMs + inMs };
}
