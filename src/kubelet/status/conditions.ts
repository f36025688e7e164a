import { apiTime } from "@fairlead/api/api-time";
import { conditionOf } from "@fairlead/api/condition-of";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerStatus, PodCondition } from "@fairlead/api/core/v1/pod/pod-status";
import type { Int64 } from "@fairlead/api/int64";
import { transitionTime } from "@fairlead/api/transition-time";
import { sandboxNeeded } from "../sync/containers/sandbox-needed.ts";
import type { PodState } from "../sync/pod-state.ts";
import { isSidecar } from "../sync/pod-state.ts";
import type { PodResize } from "../sync/resize/pod-resize.ts";
import type { PodPhase } from "./pod-phase.ts";

/** Conditions of a kubelet that are there only while they hold. */
export const RESIZE_CONDITIONS: readonly string[] = ["PodResizePending", "PodResizeInProgress"];

/** The conditions that a kubelet writes. All others belong to other writers. */
export const OWN_CONDITIONS: readonly string[] = [
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
  ...RESIZE_CONDITIONS,
];

interface Verdict {
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

const TRUE: Verdict = { status: "True" };

/** What the conditions are made from. */
export interface ConditionsInput {
  readonly pod: Pod;
  readonly state: PodState;
  readonly phase: PodPhase;
  readonly resize: PodResize;
  readonly statuses: readonly ContainerStatus[];
  readonly initStatuses: readonly ContainerStatus[];
  /** The status that was written last, with the transition times of the kubelet's own conditions. */
  readonly previous: readonly PodCondition[];
  readonly now: number;
}

/** All conditions: those of other writers unchanged, then the kubelet's own with the times at which they turned. */
export function podConditions(input: ConditionsInput): readonly PodCondition[] {
  // From the current pod: our last status lacks what others have written since.
  const others = (input.pod.status.conditions ?? []).filter((c) => !OWN_CONDITIONS.includes(c.type));
  const containersReady = containersReadyVerdict(input);
  const verdicts: Readonly<Record<string, Verdict>> = {
    PodReadyToStartContainers: { status: sandboxNeeded(input.pod, input.state).needed ? "False" : "True" },
    Initialized: initializedVerdict(input),
    Ready: containersReady.status === "True" ? gatesVerdict(input.pod, others) : containersReady,
    ContainersReady: containersReady,
    PodScheduled: TRUE,
  };
  const always = OWN_CONDITIONS.filter((type) => !RESIZE_CONDITIONS.includes(type));
  return [
    ...others,
    ...always.map((type) => condition(type, verdicts[type] ?? TRUE, input)),
    ...resizeConditions(input),
  ];
}

/** The conditions of a change of resources. They are there while they hold; their times are those of their reasons. */
function resizeConditions({
  resize: { pending, inProgress },
  previous,
  now,
}: ConditionsInput): readonly PodCondition[] {
  const shown = (type: string, { generation, reason, message }: ResizeFacts): PodCondition => {
    const before = conditionOf(previous, type);
    const isSame = before !== undefined && (before.reason ?? "") === (reason ?? "");
    const time = (isSame ? before.lastTransitionTime : undefined) ?? apiTime(now);
    return {
      type,
      ...(generation !== undefined && { observedGeneration: generation }),
      status: "True",
      lastProbeTime: time,
      lastTransitionTime: time,
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message }),
    };
  };
  return [
    ...(pending === undefined ? [] : [shown("PodResizePending", pending)]),
    ...(inProgress === undefined
      ? []
      : [
          shown("PodResizeInProgress", {
            generation: inProgress.generation,
            reason: inProgress.error === undefined ? undefined : "Error",
            message: inProgress.error,
          }),
        ]),
  ];
}

interface ResizeFacts {
  readonly generation: Int64 | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

function condition(type: string, verdict: Verdict, { pod, previous, now }: ConditionsInput): PodCondition {
  return {
    type,
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    ...verdict,
    lastTransitionTime: transitionTime(conditionOf(previous, type), verdict.status, apiTime(now)),
  };
}

function containersReadyVerdict({ pod, phase, statuses, initStatuses }: ConditionsInput): Verdict {
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  if (phase === "Succeeded") return { status: "False", reason: "PodCompleted" };

  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar);
  const unready = [...sidecars, ...pod.spec.containers]
    .map((c) => c.name)
    .filter((name) => [...initStatuses, ...statuses].find((s) => s.name === name)?.ready !== true);
  if (unready.length === 0) return TRUE;
  return {
    status: "False",
    reason: "ContainersNotReady",
    message: `containers with unready status: [${unready.join(" ")}]`,
  };
}

function initializedVerdict({ pod, phase, statuses, initStatuses }: ConditionsInput): Verdict {
  if (phase === "Succeeded") return { status: "True", reason: "PodCompleted" };
  if (
    statuses.some(
      (s) => s.started === true || s.lastState?.terminated !== undefined || s.state?.terminated !== undefined,
    )
  ) {
    return TRUE;
  }
  const incomplete = (pod.spec.initContainers ?? [])
    .filter((c) => {
      const status = initStatuses.find((s) => s.name === c.name);
      return isSidecar(c) ? status?.started !== true : status?.ready !== true;
    })
    .map((c) => c.name);
  if (incomplete.length === 0) return TRUE;
  return {
    status: "False",
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${incomplete.join(" ")}]`,
  };
}

/** The conditions that `readinessGates` asks for; others write them. */
function gatesVerdict(pod: Pod, others: readonly PodCondition[]): Verdict {
  const missing = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = conditionOf(others, conditionType);
    if (gate === undefined) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return gate.status === "True"
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`];
  });
  if (missing.length === 0) return TRUE;
  return { status: "False", reason: "ReadinessGatesNotReady", message: missing.join(", ") };
}
