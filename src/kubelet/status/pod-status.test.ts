import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerStatus, PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { ContainerProbes } from "../probes/probe-results.ts";
import type { PodState } from "../sync/pod-state.ts";
import { NOTHING_RUNNING } from "../sync/pod-state.ts";
import { RESOURCES_ANNOTATION, resourcesText } from "../sync/resize/container-resources.ts";
import { NO_RESIZE, type PodResize } from "../sync/resize/pod-resize.ts";
import { exited, instance, sandbox, stateOf, testPod } from "../testing/pods.testing.ts";
import type { WaitingReason } from "./container-status.ts";
import { podStatus } from "./pod-status.ts";

const two = testPod({ containers: [{ name: "log" }, { name: "app" }] });
const never = testPod({ restartPolicy: "Never" });
const withInit = testPod({ initContainers: [{ name: "setup" }] });
const withSidecar = testPod({ initContainers: [{ name: "proxy", restartPolicy: "Always" }] });
const probed = testPod({ containers: [{ name: "app", readinessProbe: {}, startupProbe: {} }] });
const gated = testPod({ readinessGates: [{ conditionType: "example.org/gate" }] });
const open: Pod = { ...gated, status: { conditions: [{ type: "example.org/gate", status: "True" }] } };

const cases: {
  name: string;
  pod: Pod;
  state: PodState;
  previous?: PodStatus;
  probes?: ContainerProbes;
  reasons?: Record<string, WaitingReason>;
  ended?: boolean;
  failure?: WaitingReason;
  /** Phase, true conditions in short (S sandbox, I initialized, R ready, C containers), containers. */
  want: string;
}[] = [
  {
    name: "nothing yet",
    pod: two,
    state: NOTHING_RUNNING,
    want: "Pending I app:ContainerCreating log:ContainerCreating",
  },
  { name: "a sandbox", pod: two, state: stateOf(), want: "Pending SI app:ContainerCreating log:ContainerCreating" },
  {
    name: "one of two",
    pod: two,
    state: stateOf(instance("app")),
    want: "Pending SI app:running! log:ContainerCreating",
  },
  {
    name: "both",
    pod: two,
    state: stateOf(instance("app"), instance("log")),
    want: "Running SIRC app:running! log:running!",
  },
  {
    name: "started only after its startup probe",
    pod: probed,
    state: stateOf(instance("app")),
    want: "Running SI app:running",
  },
  {
    name: "ready only after its readiness probe",
    pod: probed,
    state: stateOf(instance("app")),
    probes: { startup: "success" },
    want: "Running SI app:running",
  },
  {
    name: "stopped to start again, however it ended",
    pod: testPod({ restartPolicy: "OnFailure" }),
    state: { ...stateOf(exited("app", 0)), restarting: new Set(["app-0"]) },
    want: "Running SI app:waiting<0",
  },
  {
    name: "ready",
    pod: probed,
    state: stateOf(instance("app")),
    probes: { startup: "success", readiness: "success" },
    want: "Running SIRC app:running!",
  },
  {
    name: "not without its gate",
    pod: gated,
    state: stateOf(instance("app")),
    want: "Running SIC app:running!",
  },
  {
    name: "with its gate, which was opened after the status was last reported",
    pod: open,
    state: stateOf(instance("app")),
    previous: { conditions: [{ type: "Ready", status: "False" }] },
    want: "Running SIRC app:running!",
  },
  {
    name: "why an image is not there",
    pod: testPod(),
    state: stateOf(),
    reasons: { app: { reason: "ErrImagePull", message: "not found" } },
    want: "Pending SI app:ErrImagePull(not found)",
  },
  {
    name: "in its back-off, with how it ended",
    pod: testPod(),
    state: stateOf(exited("app", 3, { attempt: 1 }), exited("app", 2)),
    reasons: { app: { reason: "CrashLoopBackOff", message: "back-off" } },
    want: "Running SI app:CrashLoopBackOff(back-off)x1<3",
  },
  {
    name: "restarted",
    pod: testPod(),
    state: stateOf(instance("app", { attempt: 1 }), exited("app", 2)),
    want: "Running SIRC app:running!x1<2",
  },
  {
    name: "how it ended before is kept when the runtime has forgotten it",
    pod: testPod(),
    state: stateOf(instance("app", { attempt: 1 })),
    previous: {
      containerStatuses: [status("app", { containerID: "containerd://app-0", state: { terminated: { exitCode: 7 } } })],
    },
    want: "Running SIRC app:running!x1<7",
  },
  { name: "ended, to be restarted", pod: testPod(), state: stateOf(exited("app", 1)), want: "Running SI app:exit1" },
  { name: "succeeded", pod: never, state: stateOf(exited("app", 0)), want: "Succeeded SI app:exit0" },
  { name: "failed", pod: never, state: stateOf(exited("app", 1)), want: "Failed SI app:exit1" },
  {
    name: "initializing",
    pod: withInit,
    state: stateOf(instance("setup")),
    want: "Pending S app:PodInitializing setup:running",
  },
  {
    name: "initialized",
    pod: withInit,
    state: stateOf(exited("setup", 0)),
    want: "Pending SI app:PodInitializing setup:exit0!",
  },
  {
    name: "an init container that fails is tried again",
    pod: withInit,
    state: stateOf(exited("setup", 1)),
    want: "Pending S app:PodInitializing setup:exit1",
  },
  {
    name: "unless the pod is never restarted",
    pod: testPod({ restartPolicy: "Never", initContainers: [{ name: "setup" }] }),
    state: stateOf(exited("setup", 1)),
    want: "Failed S app:PodInitializing setup:exit1",
  },
  {
    name: "an init container nobody remembers has done its work",
    pod: withInit,
    state: stateOf(instance("app")),
    want: "Running SIRC app:running! setup:exit0!",
  },
  {
    name: "a sidecar counts for readiness",
    pod: withSidecar,
    state: stateOf(instance("app"), instance("proxy")),
    want: "Running SIRC app:running! proxy:running!",
  },
  {
    name: "a sidecar that is down makes it unready",
    pod: withSidecar,
    state: stateOf(instance("app"), exited("proxy", 1)),
    want: "Running SI app:running! proxy:exit1",
  },
  {
    name: "failed as a whole",
    pod: testPod(),
    state: stateOf(instance("app")),
    failure: { reason: "DeadlineExceeded", message: "too long" },
    want: "Failed SI app:running! DeadlineExceeded(too long)",
  },
  {
    name: "what has ended stays so",
    pod: never,
    state: NOTHING_RUNNING,
    previous: { phase: "Succeeded", containerStatuses: [status("app", { state: { terminated: { exitCode: 0 } } })] },
    want: "Succeeded I app:exit0",
  },
  {
    name: "what ran and is lost",
    pod: testPod({}, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    state: NOTHING_RUNNING,
    previous: { containerStatuses: [status("app", { state: { running: {} } })] },
    ended: true,
    want: "Failed I app:exit137",
  },
  {
    name: "stopped and not restarted",
    pod: testPod(),
    state: { ...stateOf(exited("app", 0)), sandboxes: [sandbox({ ready: false })] },
    ended: true,
    want: "Succeeded I app:exit0",
  },
];

for (const { name, pod, state, previous = {}, probes = {}, reasons = {}, ended = false, failure, want } of cases) {
  test(`podStatus: ${name}`, () => {
    const input = {
      pod,
      state,
      probes: { of: () => probes },
      reasons: new Map(Object.entries(reasons)),
      resize: NO_RESIZE,
      nodeIPs: ["172.30.0.2"],
      runtimeName: "containerd",
      ended,
      failure,
    };
    const found = podStatus({ ...input, previous, now: 0 });
    assert.equal(format(found), want);

    const again = podStatus({ ...input, previous: found, now: 60_000 });
    assert.deepEqual(again, found, "computed again, it is the same: also its times");
  });
}

test("conditions name what is missing, in upstream's words", () => {
  const { conditions = [] } = podStatus({
    pod: two,
    state: stateOf(instance("app")),
    previous: {},
    probes: { of: () => ({}) },
    reasons: new Map(),
    resize: NO_RESIZE,
    nodeIPs: ["172.30.0.2"],
    runtimeName: "containerd",
    ended: false,
    now: 0,
  });
  const ready = conditions.find((c) => c.type === "Ready");
  assert.deepEqual([ready?.reason, ready?.message], ["ContainersNotReady", "containers with unready status: [log]"]);
});

test("a container's status has what is set aside for it, and what it has", () => {
  const [small, large] = [{ requests: { cpu: "1" } }, { requests: { cpu: "2" }, limits: { memory: "1Gi" } }];
  const pod = testPod({ containers: [{ name: "app", resources: large }] });
  const annotations = { [RESOURCES_ANNOTATION]: resourcesText(small) };
  const shown = (state: PodState, resize: PodResize = NO_RESIZE) => {
    const facts = { pod, state, previous: {}, probes: { of: () => ({}) }, reasons: new Map(), resize };
    const { containerStatuses = [] } = podStatus({
      ...facts,
      nodeIPs: [],
      runtimeName: "containerd",
      ended: false,
      now: 0,
    });
    return containerStatuses.map(({ allocatedResources, resources }) => [allocatedResources, resources]);
  };
  assert.deepEqual(shown(stateOf()), [[undefined, undefined]], "not made yet");
  assert.deepEqual(shown(stateOf(instance("app", { annotations }))), [[{ cpu: "2" }, { ...large, ...small }]]);
  assert.deepEqual(shown(stateOf(exited("app", 1, { annotations }))), [[{ cpu: "2" }, large]]);
  const given = { ...NO_RESIZE, given: new Map([["app-0", large]]) };
  assert.deepEqual(shown(stateOf(instance("app", { annotations })), given), [[{ cpu: "2" }, large]]);
});

test("conditions of a resize are there while they hold, with the times of their reasons", () => {
  const statusAt = (now: number, previous: PodStatus, resize: Partial<PodResize>) => {
    const facts = {
      pod: testPod(),
      state: stateOf(instance("app")),
      previous,
      probes: { of: () => ({}) },
      reasons: new Map(),
    };
    return podStatus({
      ...facts,
      resize: { ...NO_RESIZE, ...resize },
      nodeIPs: [],
      runtimeName: "containerd",
      ended: false,
      now,
    });
  };
  const shown = ({ conditions = [] }: PodStatus) =>
    conditions
      .filter(({ type }) => type.startsWith("PodResize"))
      .map(({ type, status: holds, observedGeneration, reason, message, lastTransitionTime = "" }) =>
        [type, holds, observedGeneration, reason, message, lastTransitionTime.slice(17, 19)].join(" "),
      );
  const pending = { reason: "Deferred", message: "full", generation: 2 } as const;
  const deferred = statusAt(1_000, {}, { pending });
  assert.deepEqual(shown(deferred), ["PodResizePending True 2 Deferred full 01"]);
  const still = statusAt(2_000, deferred, { pending: { ...pending, message: "still full" } });
  assert.deepEqual(shown(still), ["PodResizePending True 2 Deferred still full 01"]);
  const never = statusAt(3_000, still, { pending: { ...pending, reason: "Infeasible", generation: 3 } });
  assert.deepEqual(shown(never), ["PodResizePending True 3 Infeasible full 03"]);
  const begun = statusAt(4_000, never, { inProgress: { generation: 4, error: undefined } });
  assert.deepEqual(shown(begun), ["PodResizeInProgress True 4   04"]);
  const failed = statusAt(5_000, begun, { inProgress: { generation: 4, error: "no" } });
  assert.deepEqual(shown(failed), ["PodResizeInProgress True 4 Error no 05"]);
  assert.deepEqual(shown(statusAt(6_000, failed, {})), []);
});

function status(name: string, more: Partial<ContainerStatus>): ContainerStatus {
  return { name, ready: false, restartCount: 0, image: "app:1", imageID: "", ...more };
}

const letters = { PodReadyToStartContainers: "S", Initialized: "I", Ready: "R", ContainersReady: "C" };

function format({
  phase,
  conditions = [],
  containerStatuses = [],
  initContainerStatuses = [],
  reason,
  message,
}: PodStatus): string {
  const isTrue = (type: string) => conditions.some((c) => c.type === type && c.status === "True");
  const short = Object.entries(letters).map(([type, letter]) => (isTrue(type) ? letter : ""));
  const shown = [...containerStatuses, ...initContainerStatuses].map(
    ({ name, state, lastState, ready, restartCount }) => {
      const why =
        state?.waiting?.message === undefined
          ? state?.waiting?.reason
          : `${state.waiting.reason}(${state.waiting.message})`;
      const { running, terminated } = state ?? {};
      const now =
        why ?? (terminated && `exit${terminated.exitCode}`) ?? (running === undefined ? "waiting" : "running");
      const before = lastState?.terminated === undefined ? "" : `<${lastState.terminated.exitCode}`;
      return `${name}:${now}${ready ? "!" : ""}${restartCount > 0 ? `x${restartCount}` : ""}${before}`;
    },
  );
  return [phase, short.join(""), ...shown, ...(reason === undefined ? [] : [`${reason}(${message})`])].join(" ");
}
