import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { ProbeResults } from "../probes/probe-results.ts";
import type { RuntimeStatus } from "../runtime/pod-runtime.ts";
import { planContainers } from "./containers/plan-containers.ts";
import { deadlineInMs, isToEnd, judgePod } from "./judge-pod.ts";
import { planEnd } from "./plan-end.ts";
import { planRun } from "./plan-run.ts";
import type { PodState } from "./pod-state.ts";
import { containerNamed } from "./pod-state.ts";
import type { EventStep, StepGroups } from "./pod-steps.ts";
import { choosePull } from "./record/pod-pulls.ts";
import type { PodRecord } from "./record/pod-record.ts";
import { withFailedStart, withReason, withRestarting } from "./record/pod-record.ts";
import { withAllocated } from "./resize/container-resources.ts";
import { judgeResize, type NodeRoom } from "./resize/judge-resize.ts";
import { planResize } from "./resize/plan-resize.ts";
import type { PodResize } from "./resize/pod-resize.ts";
import { statusOf } from "./status-of.ts";

/** Input of {@link planPod}. */
export interface PodPlanInput {
  readonly pod: Pod;
  /** The pod's sandboxes and containers, as just read from the runtime. */
  readonly state: PodState;
  readonly record: PodRecord;
  readonly probes: ProbeResults;
  readonly node: PodNode;
  /** Time until the first of the pod's tokens must be renewed, in milliseconds; undefined without tokens. */
  readonly tokenRenewInMs: number | undefined;
  readonly now: PlanTime;
}

/** The facts of the node that a plan depends on. */
export interface PodNode {
  readonly nodeIPs: readonly string[];
  readonly runtimeName: string;
  readonly runtimeStatus: Pick<RuntimeStatus, "networkReady" | "message">;
  /** Pods exist only in the API and have no volumes. */
  readonly simulated: boolean;
  /** The node's CPU and memory. Asked for where a pod's containers are to get other resources. */
  readonly room: () => NodeRoom;
}

/** One moment on two clocks. */
export interface PlanTime {
  /** Milliseconds since the epoch: for timestamps of the runtime and the API. */
  readonly wallMs: number;
  /** Milliseconds of a clock that is never set: for pauses and deadlines. */
  readonly monotonicMs: number;
}

/** All steps that a pod needs now, and the time of the next look. */
export interface PodPlan {
  /** The input's record with the decisions of this plan. The outcomes of its steps are folded into this one. */
  readonly record: PodRecord;
  /** Status to report before the first step. Undefined: nothing to report. */
  readonly status: PodStatus | undefined;
  readonly groups: StepGroups;
  /** When to look at the pod again, by the monotonic clock: at once after steps that change something. */
  readonly wakeAtMs: number;
  /**
   * `ending`: the pod is to end; the shell aborts starts that are under way. `clearing`: these steps remove the last of it from
   * this node. The worker is done once the API has no such pod either.
   */
  readonly course: "running" | "ending" | "clearing";
}

/**
 * Returns all steps that a pod needs now, and when to look at it again. The kubelet decides about a pod only here.
 *
 * The caller carries a plan out once, folds the outcomes into the record, reads the runtime and plans again.
 */
export function planPod(input: PodPlanInput): PodPlan {
  const judged = isToEnd(input.pod, input.record) ? { record: input.record, events: [] } : judgePod(input);
  if (isToEnd(input.pod, judged.record)) return before(judged.events, planEnd({ ...input, record: judged.record }));

  const { now } = input;
  const state = { ...input.state, restarting: judged.record.restarting };
  const resize = planResources(input, judged.record.resize);
  const { pod } = resize;
  const containers = planContainers({ pod, state, probes: input.probes, restarts: resize.restarts, now: now.wallMs });
  const noted = noteBackOffs(pod, { ...judged.record, resize: resize.resize }, containers.waiting);
  const current = {
    ...input,
    pod,
    state,
    record: noteFailedPulls(pod, noted.record, containers.start, now.monotonicMs),
  };
  const status = statusOf(current, { ended: false });
  const events = [...judged.events, ...resize.events, ...noted.events];
  if (status.phase === "Succeeded" || status.phase === "Failed") return before(events, planEnd(current, status));

  const { groups, wakeAtMs } = planRun(current, { containers, updates: resize.updates });
  const written: StepGroups = resize.mustWrite ? [[{ do: "write-record" }]] : [];
  const deadlineMs = now.monotonicMs + deadlineInMs(current);
  const all = [...written, ...groups];
  const startAgain = containers.kill.flatMap((k) => (k.startsAgain ? [k.containerId] : []));
  const record = withRestarting(current.record, startAgain, state);
  const run = { record, status, groups: all, wakeAtMs: Math.min(wakeAtMs, deadlineMs) };
  return before(events, { ...run, course: "running" });
}

/** Returns the pod with the resources that the node sets aside for it, and what its containers need to have them. */
function planResources({ pod, state, node }: PodPlanInput, before: PodResize) {
  const verdict = judgeResize({ pod, state, resize: before, room: node.room });
  const allocated = withAllocated(pod, verdict.resize.allocated);
  const plan = planResize(allocated, state, verdict.resize);
  const mustWrite = verdict.mustWrite || plan.mustWrite;
  return { ...plan, pod: allocated, mustWrite, events: [...verdict.events, ...plan.events] };
}

/** Shows containers that begin to wait out their back-off as `CrashLoopBackOff`, each with one event. */
function noteBackOffs(
  { metadata: { name, namespace, uid } }: Pod,
  record: PodRecord,
  waiting: readonly { readonly name: string; readonly message: string }[],
): { readonly record: PodRecord; readonly events: readonly EventStep[] } {
  const reason = "CrashLoopBackOff";
  const fresh = waiting.filter((w) => record.reasons.get(w.name)?.reason !== reason);
  return {
    record: fresh.reduce(
      (noted, { name: container, message }) => withReason(noted, container, { reason, message }),
      record,
    ),
    events: fresh.map(({ name: container }) => {
      const message = `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`;
      return { do: "record-event", type: "Warning", reason: "BackOff", message, container };
    }),
  };
}

/** Shows containers whose image could not be pulled with the reason of the failure, and starts their pause. */
function noteFailedPulls(pod: Pod, record: PodRecord, starts: readonly string[], nowMs: number): PodRecord {
  return starts.reduce((noted, name) => {
    const container = containerNamed(pod, name);
    const pull = container && choosePull(noted.pulls, container, nowMs);
    return pull?.choice === "failed" ? withFailedStart(noted, name, { ...pull, nowMs, asOf: noted.changes }) : noted;
  }, record);
}

function before(events: readonly EventStep[], plan: PodPlan): PodPlan {
  return events.length === 0 ? plan : { ...plan, groups: [events, ...plan.groups] };
}
