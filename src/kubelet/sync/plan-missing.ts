import { nextInstance } from "./containers/next-instance.ts";
import type { ContainersPlan } from "./containers/plan-containers.ts";
import type { PodPlanInput } from "./plan-pod.ts";
import type { RunPlan } from "./plan-run.ts";
import { containerNamed } from "./pod-state.ts";
import type { PodStep, RunStep, StepGroups } from "./pod-steps.ts";
import { choosePull } from "./record/pod-pulls.ts";
import { waitMs } from "./record/pod-record.ts";
import { RETRY_MAX_MS } from "./record/retry.ts";
import { volumesNeed } from "./volumes-need.ts";

/**
 * Returns the steps that bring up the missing parts of a pod, in this order: old sandboxes are stopped; the sandbox is made
 * while ConfigMaps and Secrets are read; volumes are made; containers start.
 *
 * @param due - Names of the containers to start now.
 */
export function planMissing(input: PodPlanInput, containers: ContainersPlan, due: readonly string[]): RunPlan {
  const { record, now } = input;
  const { createSandbox, sandboxAttempt: attempt } = containers;
  const nowMs = now.monotonicMs;
  if (createSandbox) {
    const network = networkProblem(input);
    if (network !== undefined) return { groups: [[network]], wakeAtMs: nowMs + RETRY_MAX_MS };
    const pauseMs = waitMs(record, record.sandbox.wait, nowMs);
    if (pauseMs > 0) return { groups: [], wakeAtMs: nowMs + pauseMs };
  }
  const volumes = volumesNeed(input);
  const starts = volumes.missing && volumes.inMs > 0 ? [] : due;
  if (starts.length === 0 && !createSandbox) return { groups: [], wakeAtMs: nowMs + volumes.inMs };

  const asOf = record.changes;
  const sandbox: readonly RunStep[] = createSandbox ? [{ do: "make-sandbox", attempt, asOf }] : [];
  const groups: StepGroups = [
    createSandbox ? replacement(input, attempt) : [],
    starts.length > 0 ? [...sandbox, { do: "read-objects" }] : sandbox,
    starts.length > 0 && volumes.inMs === 0 ? [{ do: "make-volumes", asOf }] : [],
    ...startGroups(starts, input),
  ];
  return { groups: groups.filter((group) => group.length > 0), wakeAtMs: nowMs };
}

/** Returns the event about a node network that is not ready; undefined when the pod need not wait for it. */
function networkProblem({ pod, node }: PodPlanInput): PodStep | undefined {
  const { networkReady, message } = node.runtimeStatus;
  if (networkReady || pod.spec.hostNetwork === true) return undefined;
  const text = `network is not ready: ${message}`;
  return { do: "record-event", type: "Warning", reason: "NetworkNotReady", message: text };
}

/** Returns the steps that stop the old sandboxes, dead ones too: a sandbox that died with its machine keeps its address until it is stopped. */
function replacement({ state }: PodPlanInput, attempt: number): readonly PodStep[] {
  const message = "Pod sandbox changed, it will be killed and re-created.";
  return [
    ...(attempt > 0 ? [{ do: "record-event", type: "Normal", reason: "SandboxChanged", message } as const] : []),
    ...state.sandboxes.map(({ id: sandboxId }) => ({ do: "stop-sandbox", sandboxId }) as const),
  ];
}

/** Returns the starts in groups: containers start side by side, but those behind a container with a postStart hook wait for the hook. */
function startGroups(names: readonly string[], { pod, state, record, now }: PodPlanInput): readonly RunStep[][] {
  const groups: RunStep[][] = [[]];
  for (const name of names) {
    const container = containerNamed(pod, name);
    if (container === undefined) continue;
    const pull = choosePull(record.pulls, container, now.monotonicMs);
    if (pull.choice === "pulling" || pull.choice === "failed") continue;
    const next = nextInstance(pod, container, state, now.wallMs);
    groups.at(-1)?.push({ do: "start-container", name, next, pull, asOf: record.changes });
    if (container.lifecycle?.postStart !== undefined) groups.push([]);
  }
  return groups;
}
