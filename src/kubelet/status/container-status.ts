import { apiTime } from "@fairlead/api/api-time";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerState, ContainerStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { ProbeResults } from "../probes/probe-results.ts";
import type { RuntimeContainer } from "../runtime/pod-runtime.ts";
import { shouldStart } from "../sync/containers/restart-policy.ts";
import type { AnyContainer, ContainerRole, PodState } from "../sync/pod-state.ts";
import { isRestarting, isSidecar, newest } from "../sync/pod-state.ts";
import { actualResources } from "../sync/resize/plan-resize.ts";
import type { PodResize } from "../sync/resize/pod-resize.ts";

/** Why a container could not be started: `ErrImagePull`, `CrashLoopBackOff`, ... */
export interface WaitingReason {
  readonly reason: string;
  readonly message: string;
}

/** What a container's status is made from, besides its spec. */
export interface ContainerStatusInput {
  readonly pod: Pod;
  readonly state: PodState;
  readonly role: ContainerRole;
  readonly probes: ProbeResults;
  /** Of the containers whose last start failed, by name. */
  readonly reasons: ReadonlyMap<string, WaitingReason>;
  readonly resize: PodResize;
  /** `containerd`, `cri-o`: goes before the container's id. */
  readonly runtimeName: string;
  /** Nothing of the pod runs any more, nor will it. */
  readonly ended: boolean;
}

const LOST: ContainerState = {
  terminated: {
    reason: "ContainerStatusUnknown",
    message: "The container could not be located when the pod was deleted.  The container used to be Running",
    exitCode: 137,
  },
};

/** Returns the status of one container, from the runtime's newest two instances of it and its previous status. */
export function containerStatus(
  container: AnyContainer,
  previous: ContainerStatus | undefined,
  input: ContainerStatusInput,
): ContainerStatus {
  const { pod, state, role, runtimeName } = input;
  const [instance, before] = state.containers.filter((c) => c.name === container.name);
  const shown =
    instance === undefined
      ? unseen(container, previous, input)
      : seen({ container, instance, before, previous, runtimeName });
  const settled = role === "init" && instance?.state === "exited" && instance.exitCode === 0 && !isSidecar(container);
  const isStopped = instance?.state === "exited" && isRestarting(state, instance);
  const reason = input.reasons.get(container.name) ?? (isStopped ? { reason: "", message: "" } : undefined);
  const waits = !settled && reason !== undefined && shouldStart(pod, container, state);
  const status = waits ? waitingFor(shown, reason) : shown;
  const resources = instance === undefined ? {} : resourcesOf(container, instance, input);
  return { ...status, ...resources, ...readiness(container, status, instance, input) };
}

/** What is set aside for a container, and what it has. As upstream, one that does not run has what is set aside. */
function resourcesOf(
  { resources: allocated }: AnyContainer,
  instance: RuntimeContainer,
  { resize }: ContainerStatusInput,
): Pick<ContainerStatus, "allocatedResources" | "resources"> {
  const actual = instance.state === "running" ? actualResources(instance, resize) : undefined;
  const resources = { ...allocated, ...actual };
  return { resources, ...(allocated.requests !== undefined && { allocatedResources: allocated.requests }) };
}

function seen({
  container,
  instance,
  before,
  previous,
  runtimeName,
}: {
  readonly container: AnyContainer;
  readonly instance: RuntimeContainer;
  readonly before: RuntimeContainer | undefined;
  readonly previous: ContainerStatus | undefined;
  readonly runtimeName: string;
}): ContainerStatus {
  return {
    ...blank(container),
    state: stateOf(instance, runtimeName),
    lastState:
      before === undefined ? (lastStateOf(previous, instance, runtimeName) ?? {}) : stateOf(before, runtimeName),
    restartCount: instance.attempt,
    image: instance.image === "" ? container.image : instance.image,
    imageID: instance.imageRef,
    containerID: `${runtimeName}://${instance.id}`,
  };
}

/** An instance that has been removed stays the last one, if the previous status has it. */
function lastStateOf(previous: ContainerStatus | undefined, instance: RuntimeContainer, runtimeName: string) {
  if (previous === undefined || instance.attempt === 0) return undefined;
  if (previous.containerID === `${runtimeName}://${instance.id}`) return previous.lastState;
  return previous.state?.terminated === undefined ? previous.lastState : previous.state;
}

/** A container without an instance: not yet made, or removed from the runtime. */
function unseen(
  container: AnyContainer,
  previous: ContainerStatus | undefined,
  { pod, role, state, ended }: ContainerStatusInput,
): ContainerStatus {
  if (previous?.state?.terminated !== undefined) return previous;

  const initialized = pod.spec.containers.some((c) => newest(state, c.name) !== undefined);
  if (role === "init" && initialized && !isSidecar(container)) {
    const message =
      "Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally";
    return { ...blank(container), state: { terminated: { exitCode: 0, reason: "Completed", message } } };
  }
  const ran = previous?.state?.running !== undefined;
  const restartCount = (previous?.restartCount ?? 0) + (ran && pod.metadata.deletionTimestamp === undefined ? 1 : 0);
  const lastState = ran && previous.lastState?.terminated === undefined ? LOST : (previous?.lastState ?? {});
  if (ran && ended) return { ...blank(container), restartCount, state: LOST };

  const reason = (pod.spec.initContainers ?? []).length > 0 ? "PodInitializing" : "ContainerCreating";
  return { ...blank(container), restartCount, lastState, state: { waiting: { reason } } };
}

function blank({ name, image, volumeMounts }: AnyContainer): ContainerStatus {
  const mounts = (volumeMounts ?? []).map((m) => ({
    name: m.name,
    mountPath: m.mountPath,
    ...(m.readOnly === true && { readOnly: true, recursiveReadOnly: "Disabled" }),
  }));
  return {
    name,
    image,
    imageID: "",
    state: {},
    lastState: {},
    ready: false,
    started: false,
    restartCount: 0,
    ...(mounts.length > 0 && { volumeMounts: mounts }),
  };
}

function stateOf(instance: RuntimeContainer, runtimeName: string): ContainerState {
  switch (instance.state) {
    case "running":
      return { running: { startedAt: apiTime(instance.startedAt) } };
    case "exited":
      return {
        terminated: {
          exitCode: instance.exitCode,
          ...(instance.reason !== "" && { reason: instance.reason }),
          ...(instance.message !== "" && { message: instance.message }),
          startedAt: apiTime(instance.startedAt),
          finishedAt: apiTime(instance.finishedAt),
          containerID: `${runtimeName}://${instance.id}`,
        },
      };
    case "created":
    case "unknown":
      return { waiting: {} };
  }
}

function waitingFor(status: ContainerStatus, { reason, message }: WaitingReason): ContainerStatus {
  return {
    ...status,
    lastState: status.state?.terminated === undefined ? (status.lastState ?? {}) : status.state,
    state: { waiting: { ...(reason !== "" && { reason }), ...(message !== "" && { message }) } },
  };
}

function readiness(
  container: AnyContainer,
  status: ContainerStatus,
  instance: RuntimeContainer | undefined,
  { role, probes }: ContainerStatusInput,
): { readonly ready: boolean; readonly started: boolean } {
  const running = status.state?.running !== undefined && instance !== undefined;
  const results = instance === undefined ? {} : probes.of(instance.id);
  const started = running && (container.startupProbe === undefined || results.startup === "success");
  if (role === "init" && !isSidecar(container)) return { started, ready: status.state?.terminated?.exitCode === 0 };
  if (role === "ephemeral") return { started, ready: false };
  return { started, ready: started && (container.readinessProbe === undefined || results.readiness === "success") };
}
