import assert from "node:assert/strict";
import { test } from "node:test";
import { amountsOf } from "@fairlead/api/core/v1/amounts";
import type { ResourceRequirements } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerProbes } from "../probes/probe-results.ts";
import type { RuntimeContainer } from "../runtime/pod-runtime.ts";
import { exited, instance, sandbox, stateOf, testPod } from "../testing/pods.testing.ts";
import { RESTART_DELAY_ANNOTATION } from "./containers/next-instance.ts";
import type { PodNode, PodPlan } from "./plan-pod.ts";
import { planPod } from "./plan-pod.ts";
import type { PodState } from "./pod-state.ts";
import { NOTHING_RUNNING } from "./pod-state.ts";
import type { PodStep } from "./pod-steps.ts";
import type { StartPull } from "./record/pod-pulls.ts";
import { NO_PULLS, withBegunPull, withFailedPull, withoutPull, withPulledImage } from "./record/pod-pulls.ts";
import type { PodRecord } from "./record/pod-record.ts";
import {
  NEW_RECORD,
  withChange,
  withCleared,
  withEndedStop,
  withFailedSandbox,
  withFailedStart,
  withFailedVolumes,
  withNetworkChange,
  withPulls,
  withReason,
  withRemoval,
  withSandbox,
  withStart,
  withStoppedSandbox,
  withVolumes,
} from "./record/pod-record.ts";
import { RESOURCES_ANNOTATION, resourcesText } from "./resize/container-resources.ts";
import type { ContainerUpdate } from "./resize/plan-resize.ts";
import { NO_RESIZE, type PodResize } from "./resize/pod-resize.ts";

/** The moment of each plan: milliseconds of the monotonic clock, and since the epoch. */
const NOW = { monotonicMs: 100_000, wallMs: 1_800_000_000_000 };
const JUST_NOW = { nowMs: NOW.monotonicMs, asOf: 0 };
const hook = { exec: { command: ["true"] } };
const why = { reason: "CreateContainerError", message: "no" };

const withVolumesMade = withVolumes(NEW_RECORD, new Map(), { ...JUST_NOW, nowMs: 0 });
const pulling = withPulls(withVolumesMade, withBegunPull(NO_PULLS, "app", "app:1"));
const image = { id: "image-1", tags: [], digests: [], sizeBytes: 1, uid: 0, username: "" };
const two = testPod({ containers: [{ name: "app" }, { name: "log" }] });
const restarted = exited("app", 1, {
  createdAt: NOW.wallMs - 10_000,
  finishedAt: NOW.wallMs - 5_000,
  annotations: { [RESTART_DELAY_ANNOTATION]: "20000" },
});
const deleted = testPod({}, { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 20 });
const finished: Pod = { ...testPod({ restartPolicy: "Never" }), status: { phase: "Succeeded" } };
const startedAt = (startTime: string, spec = {}) => ({ ...testPod(spec), status: { startTime } });
const forbidden = testPod({ securityContext: { sysctls: [{ name: "kernel.panic", value: "1" }] } });
const dead: PodState = { sandboxes: [sandbox({ ready: false })], containers: [exited("app", 0)], ips: [] };
const stop = {
  graceSeconds: 20,
  deadlineMs: 112_000,
  underWay: true,
  retryAtMs: 0,
  writeAtMs: Number.POSITIVE_INFINITY,
};

/** A node of two processors and 1000 bytes, a half of each set aside for other pods. */
const ROOM = { allocatable: amountsOf({ cpu: "2", memory: "1000" }), used: amountsOf({ cpu: "1", memory: "500" }) };
const asking = (resources: object, more: object = {}) => testPod({ containers: [{ name: "app", resources, ...more }] });
const madeFor = (resources: ResourceRequirements, more: Partial<RuntimeContainer> = {}) =>
  instance("app", { ...more, annotations: { [RESOURCES_ANNOTATION]: resourcesText(resources) } });
const SMALL = { requests: { cpu: "100m", memory: "100" }, limits: { memory: "200" } };
const LARGE = { requests: { cpu: "1", memory: "100" }, limits: { memory: "200" } };
const cpuRestarts = { resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] };
const seenSmall: PodResize = { ...NO_RESIZE, allocated: new Map([["app", SMALL]]) };
const accepted: PodResize = { ...NO_RESIZE, allocated: new Map([["app", LARGE]]) };
const running = (resize: PodResize) => ({ ...withVolumesMade, resize });

const cases: {
  name: string;
  pod?: Pod;
  state?: PodState;
  record?: PodRecord;
  probes?: Record<string, ContainerProbes>;
  node?: Partial<PodNode>;
  tokenRenewInMs?: number;
  want: string;
}[] = [
  {
    name: "a container that was stopped to start again does so, however it ended",
    pod: testPod({ restartPolicy: "OnFailure" }),
    state: stateOf(exited("app", 0, { finishedAt: NOW.wallMs })),
    record: { ...withVolumesMade, restarting: new Set(["app-0"]) },
    want: "objects | start app 1 (10000); at once",
  },

  // Other resources.
  {
    name: "resources as they were made",
    pod: asking(SMALL),
    state: stateOf(madeFor(SMALL)),
    record: running(seenSmall),
    want: "; when woken",
  },
  {
    name: "more CPU is set aside and given at once",
    pod: asking(LARGE),
    state: stateOf(madeFor(SMALL)),
    record: running(seenSmall),
    want: "Normal ResizeStarted | write | resize app-0 1/100 | write; at once",
  },
  {
    name: "a kubelet that starts over knows what a container was made with",
    pod: asking(LARGE),
    state: stateOf(madeFor(SMALL)),
    want: "Normal ResizeStarted | write | resize app-0 1/100 | write | objects | volumes; at once",
  },
  {
    name: "and asks nothing of one that does not say",
    pod: asking(LARGE),
    state: stateOf(instance("app")),
    record: withVolumesMade,
    want: "; when woken",
  },
  {
    name: "a container that has what was set aside: the resize is over",
    pod: asking(LARGE),
    state: stateOf(madeFor(SMALL)),
    record: running({
      ...accepted,
      given: new Map([["app-0", LARGE]]),
      inProgress: { generation: 2, error: undefined },
    }),
    want: "Normal ResizeCompleted | write; when woken",
  },
  {
    name: "a container whose policy says so starts again",
    pod: asking(LARGE, cpuRestarts),
    state: stateOf(madeFor(SMALL)),
    record: running(accepted),
    want: "stop app-0 in 30000; at once",
  },
  {
    name: "not for the other resource",
    pod: asking({ ...SMALL, limits: { memory: "400" } }, cpuRestarts),
    state: stateOf(madeFor(SMALL)),
    record: running(seenSmall),
    want: "Normal ResizeStarted | write | resize app-0 100m/100 | write; at once",
  },
  {
    name: "one that does not run needs no change",
    pod: asking(LARGE),
    state: stateOf(madeFor(SMALL, { state: "exited", exitCode: 1, finishedAt: NOW.wallMs })),
    record: running(accepted),
    want: "objects | start app 1 (10000); at once",
  },
  {
    name: "memory that is given back goes first",
    pod: testPod({
      containers: [
        { name: "app", resources: { limits: { memory: "300" } } },
        { name: "log", resources: { limits: { memory: "100" } } },
      ],
    }),
    state: stateOf(madeFor({ limits: { memory: "200" } }), {
      ...madeFor({ limits: { memory: "200" } }),
      id: "log-0",
      name: "log",
    }),
    record: withVolumesMade,
    want: "Normal ResizeStarted | write | resize log-0  below 100 and app-0  | write; at once",
  },
  {
    name: "more than other pods leave: deferred",
    pod: asking({ ...SMALL, requests: { cpu: "1500m", memory: "100" } }),
    state: stateOf(madeFor(SMALL)),
    record: running(seenSmall),
    want: "Warning ResizeDeferred; when woken",
  },
  {
    name: "said once",
    pod: asking({ ...SMALL, requests: { cpu: "1500m", memory: "100" } }),
    state: stateOf(madeFor(SMALL)),
    record: running({ ...seenSmall, pending: { reason: "Deferred", message: "", generation: undefined } }),
    want: "; when woken",
  },
  {
    name: "more than the node has: infeasible",
    pod: asking({ requests: { memory: "2000" } }),
    state: stateOf(madeFor(SMALL)),
    record: running(seenSmall),
    want: "Warning ResizeInfeasible; when woken",
  },
  {
    name: "room that came",
    pod: asking({ ...SMALL, requests: { cpu: "1500m", memory: "100" } }),
    state: stateOf(madeFor(SMALL)),
    record: running({ ...seenSmall, pending: { reason: "Deferred", message: "", generation: undefined } }),
    node: { room: () => ({ ...ROOM, used: new Map() }) },
    want: "Normal ResizeStarted | write | resize app-0 1500m/100 | write; at once",
  },
  {
    name: "a change that failed waits",
    pod: asking(LARGE),
    state: stateOf(madeFor(SMALL)),
    record: running({
      ...accepted,
      retry: { count: 1, atMs: NOW.monotonicMs + 500 },
      inProgress: { generation: 2, error: "no" },
    }),
    want: "; in 500",
  },
  {
    name: "a sidecar too",
    pod: testPod({ initContainers: [{ name: "proxy", restartPolicy: "Always", resources: LARGE, ...cpuRestarts }] }),
    state: stateOf(instance("app"), { ...madeFor(SMALL), id: "proxy-0", name: "proxy" }),
    record: withVolumesMade,
    want: "Normal ResizeStarted | write | stop proxy-0 in 30000; at once",
  },
  {
    name: "a pod that ends gets no other resources",
    pod: { ...deleted, spec: asking(LARGE).spec },
    state: stateOf(madeFor(SMALL)),
    record: running(seenSmall),
    want: "stop all (app-0 in 20000); in 1000; ending",
  },

  // What is missing.
  {
    name: "a new pod: sandbox beside objects, volumes, containers",
    pod: two,
    state: NOTHING_RUNNING,
    want: "sandbox 0, objects | volumes | start app 0, start log 0; at once",
  },
  {
    name: "a simulated pod has no volumes",
    state: NOTHING_RUNNING,
    node: { simulated: true },
    want: "sandbox 0, objects | start app 0; at once",
  },
  {
    name: "containers behind a postStart hook wait for it",
    pod: testPod({ containers: [{ name: "a" }, { name: "b", lifecycle: { postStart: hook } }, { name: "c" }] }),
    want: "objects | volumes | start a 0, start b 0 | start c 0; at once",
  },
  {
    name: "init containers come first",
    pod: testPod({ initContainers: [{ name: "setup" }] }),
    state: NOTHING_RUNNING,
    want: "sandbox 0, objects | volumes | start setup 0; at once",
  },
  {
    name: "a dead sandbox is stopped before the next one is made",
    state: { ...dead, containers: [] },
    want: "Normal SandboxChanged, stop sandbox-0 | sandbox 1, objects | volumes | start app 0; at once",
  },
  {
    name: "without a network there is no sandbox",
    state: NOTHING_RUNNING,
    node: { runtimeStatus: { networkReady: false, message: "no CNI" } },
    want: "Warning NetworkNotReady; in 60000",
  },
  {
    name: "without a network there is one on the node's network",
    pod: testPod({ hostNetwork: true }),
    state: NOTHING_RUNNING,
    node: { runtimeStatus: { networkReady: false, message: "no CNI" } },
    want: "sandbox 0, objects | volumes | start app 0; at once",
  },
  {
    name: "a sandbox that failed is tried again after a pause",
    state: NOTHING_RUNNING,
    record: withFailedSandbox(NEW_RECORD, JUST_NOW),
    want: "; in 500",
  },
  {
    name: "the pause grows",
    state: NOTHING_RUNNING,
    record: withFailedSandbox(withFailedSandbox(NEW_RECORD, JUST_NOW), JUST_NOW),
    want: "; in 1000",
  },
  {
    name: "the pause is over when something changes",
    state: NOTHING_RUNNING,
    record: withChange(withFailedSandbox(NEW_RECORD, JUST_NOW)),
    want: "sandbox 0, objects | volumes | start app 0; at once",
  },
  {
    name: "the pause is over when the network becomes ready",
    state: NOTHING_RUNNING,
    record: withNetworkChange(withFailedSandbox(NEW_RECORD, JUST_NOW)),
    want: "sandbox 0, objects | volumes | start app 0; at once",
  },
  {
    name: "a change during the failed attempt leaves no pause",
    state: NOTHING_RUNNING,
    record: withFailedSandbox(withChange(NEW_RECORD), JUST_NOW),
    want: "sandbox 0, objects | volumes | start app 0; at once",
  },
  {
    name: "volumes that were never made hold containers back",
    record: withFailedVolumes(NEW_RECORD, two, JUST_NOW),
    want: "; in 500",
  },
  {
    name: "they do not hold the sandbox back",
    state: NOTHING_RUNNING,
    record: withFailedVolumes(NEW_RECORD, two, JUST_NOW),
    want: "sandbox 0; at once",
  },
  {
    name: "claims are polled every 5 seconds at least",
    pod: testPod({ volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] }),
    record: failedVolumes(testPod({ volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] }), 9),
    want: "; in 5000",
  },
  {
    name: "without claims the pause grows further",
    record: failedVolumes(testPod(), 9),
    want: "; in 60000",
  },
  {
    name: "volumes that were made once are good enough for a restart",
    record: withFailedVolumes(withChange(withVolumesMade), two, { ...JUST_NOW, asOf: 1 }),
    want: "objects | start app 0; at once",
  },
  {
    name: "a container that is pulled is not started again",
    pod: two,
    record: pulling,
    want: "objects | start log 0; at once",
  },
  {
    name: "a pod whose images are all being pulled waits until it is woken",
    record: pulling,
    want: "; when woken",
  },
  {
    name: "an image that was pulled is used, volumes are not made again",
    record: withPulls(pulling, withPulledImage(pulling.pulls, "app", "app:1", image)),
    want: "objects | start app 0 with image-1; at once",
  },
  {
    name: "the pull of an image that the container had before does not matter",
    pod: testPod({ containers: [{ name: "app", image: "app:2" }] }),
    record: pulling,
    want: "objects | start app 0; at once",
  },
  {
    name: "the registry's reason is shown for five seconds",
    record: withPulls(pulling, withFailedPull(pulling.pulls, "app", { of: "app:1", why, nowMs: NOW.monotonicMs })),
    want: "; in 5000",
  },
  {
    name: "then the container waits out the back-off of its image, unless the image is here",
    record: {
      ...pulling,
      pulls: withoutPull(
        withFailedPull(pulling.pulls, "app", { of: "app:1", why, nowMs: NOW.monotonicMs - 5_000 }),
        "app",
      ),
    },
    want: "objects | start app 0 with no pull for 5000; at once",
  },
  {
    name: "the end of a pull ends the pauses of the other containers",
    pod: two,
    record: withPulls(
      withFailedStart(pulling, "log", { ...JUST_NOW, why, retryInMs: 10_000 }),
      withPulledImage(pulling.pulls, "app", "app:1", image),
    ),
    want: "objects | start app 0 with image-1, start log 0; at once",
  },
  {
    name: "a container that could not be started is tried again after its pause",
    record: withFailedStart(withVolumesMade, "app", { ...JUST_NOW, why, retryInMs: 3_000 }),
    want: "; in 3000",
  },
  {
    name: "ten seconds where no back-off says otherwise",
    record: withFailedStart(withVolumesMade, "app", { ...JUST_NOW, why, retryInMs: undefined }),
    want: "; in 10000",
  },
  {
    name: "the pause of one container holds no other back",
    pod: two,
    record: withFailedStart(withVolumesMade, "app", { ...JUST_NOW, why, retryInMs: 10_000 }),
    want: "objects | start log 0; at once",
  },
  {
    name: "a start that failed in a dying sandbox holds nothing back in the next one",
    record: withSandbox(withFailedStart(withVolumesMade, "app", { ...JUST_NOW, why, retryInMs: 10_000 })),
    want: "objects | start app 0; at once",
  },
  {
    name: "a container that was started has no pause",
    record: withStart(withFailedStart(withVolumesMade, "app", { ...JUST_NOW, why, retryInMs: 10_000 }), "app"),
    want: "objects | start app 0; at once",
  },
  {
    name: "a restart carries its back-off",
    record: withVolumesMade,
    state: stateOf(exited("app", 1)),
    want: "objects | start app 1 (10000); at once",
  },
  {
    name: "a container that begins to wait out its back-off gets an event",
    record: withVolumesMade,
    state: stateOf(restarted),
    want: "Warning BackOff; in 15000",
  },
  {
    name: "one event for one back-off",
    record: withReason(withVolumesMade, "app", { reason: "CrashLoopBackOff", message: "" }),
    state: stateOf(restarted),
    want: "; in 15000",
  },
  // Kills.
  {
    name: "a failed probe gives the pod's grace period",
    state: stateOf(instance("app")),
    probes: { "app-0": { liveness: "failure" } },
    want: "stop app-0 in 30000; at once",
  },
  {
    name: "a failed probe gives its own grace period",
    pod: testPod({ containers: [{ name: "app", livenessProbe: { terminationGracePeriodSeconds: 5 } }] }),
    state: stateOf(instance("app")),
    probes: { "app-0": { liveness: "failure" } },
    want: "stop app-0 in 5000; at once",
  },
  {
    name: "a sandbox that is replaced: containers, sidecars backwards, sandboxes",
    pod: testPod({ initContainers: ["x", "y"].map((name) => ({ name, restartPolicy: "Always" })) }),
    state: { ...stateOf(instance("app"), instance("x"), instance("y")), ips: [] },
    want: "stop app-0 in 30000 | stop y-0 in 30000 | stop x-0 in 30000 | stop sandbox-0; at once",
  },
  // Upkeep.
  { name: "nothing to do", record: withVolumesMade, state: stateOf(instance("app")), want: "; when woken" },
  {
    name: "two instances are kept, the one before with its log",
    record: withVolumesMade,
    state: stateOf(instance("app", { attempt: 2 }), exited("app", 1, { attempt: 1 }), exited("app", 1)),
    want: "remove app-0 with log 0; at once",
  },
  {
    name: "sandboxes go with their last container",
    record: withVolumesMade,
    state: { ...stateOf(instance("app")), sandboxes: [sandbox(), sandbox({ id: "old", ready: false })] },
    want: "remove old; at once",
  },
  {
    name: "a sandbox of before that has containers is kept",
    record: withVolumesMade,
    state: {
      ...stateOf(instance("app", { attempt: 1 }), exited("app", 1, { sandboxId: "old" })),
      sandboxes: [sandbox(), sandbox({ id: "old", ready: false })],
    },
    want: "; when woken",
  },
  {
    name: "volumes are made again when what they are made from changes",
    record: withChange(withVolumesMade),
    state: stateOf(instance("app")),
    want: "objects | volumes; at once",
  },
  {
    name: "a pod that the kubelet of before started gets its volumes made",
    state: stateOf(instance("app")),
    want: "objects | volumes; at once",
  },
  {
    name: "volumes are made again for a token that is due",
    record: withVolumesMade,
    state: stateOf(instance("app")),
    tokenRenewInMs: -1,
    want: "objects | volumes; at once",
  },
  {
    name: "a token that is due as soon as it was issued is renewed after a second",
    record: withVolumes(NEW_RECORD, new Map(), JUST_NOW),
    state: stateOf(instance("app")),
    tokenRenewInMs: -1,
    want: "; in 1000",
  },
  {
    name: "a token is awaited until it is due",
    record: withVolumesMade,
    state: stateOf(instance("app")),
    tokenRenewInMs: 4_000,
    want: "; in 4000",
  },
  // Verdicts.
  {
    name: "a pod that may not run here is refused",
    pod: forbidden,
    state: NOTHING_RUNNING,
    want: "Warning SysctlForbidden | holds | files; when woken; ending",
  },
  {
    name: "it is refused once",
    pod: forbidden,
    state: NOTHING_RUNNING,
    record: { ...withVolumesMade, judged: true },
    want: "sandbox 0, objects | start app 0; at once",
  },
  {
    name: "a pod that has a sandbox was taken before",
    pod: forbidden,
    record: withVolumesMade,
    want: "objects | start app 0; at once",
  },
  {
    name: "a pod that has a start time was taken before",
    pod: { ...forbidden, status: { startTime: "2026-01-01T00:00:00Z" } },
    state: NOTHING_RUNNING,
    record: withVolumesMade,
    want: "sandbox 0, objects | start app 0; at once",
  },
  {
    name: "a pod is looked at when its deadline is over",
    pod: startedAt(iso(-3_000), { activeDeadlineSeconds: 10 }),
    record: withVolumesMade,
    state: stateOf(instance("app")),
    want: "; in 7000",
  },
  {
    name: "a pod that is over its deadline ends",
    pod: startedAt(iso(-10_000), { activeDeadlineSeconds: 10 }),
    state: stateOf(instance("app")),
    want: "Normal DeadlineExceeded | stop all (app-0 in 30000); in 1000; ending",
  },
  {
    name: "the first sandbox knows when a pod was taken whose status was never stored",
    pod: testPod({ activeDeadlineSeconds: 10 }),
    state: { ...stateOf(instance("app")), sandboxes: [sandbox({ createdAt: NOW.wallMs - 10_000 })] },
    want: "Normal DeadlineExceeded | stop all (app-0 in 30000); in 1000; ending",
  },
  // The end.
  {
    name: "a deleted pod gets the grace period of its deletion",
    pod: deleted,
    state: stateOf(instance("app")),
    want: "stop all (app-0 in 20000); in 1000; ending",
  },
  {
    name: "a pod that was force-deleted gets a second",
    state: stateOf(instance("app")),
    record: withRemoval(NEW_RECORD),
    want: "stop all (app-0 in 1000); in 1000; ending",
  },
  {
    name: "a stop that is under way goes on",
    pod: deleted,
    state: stateOf(instance("app")),
    record: { ...NEW_RECORD, stop },
    want: "; when woken; ending",
  },
  {
    name: "a shorter grace period shortens it",
    pod: testPod({}, { ...deleted.metadata, deletionGracePeriodSeconds: 3 }),
    state: stateOf(instance("app")),
    record: { ...NEW_RECORD, stop },
    want: "shorten to 3 app-0, write; when woken; ending",
  },
  {
    name: "a stop that failed is tried again after a second",
    pod: deleted,
    state: stateOf(instance("app")),
    record: withEndedStop({ ...NEW_RECORD, stop }, { failedAtMs: NOW.monotonicMs }),
    want: "; in 1000; ending",
  },
  {
    name: "a stop that lasts for a second is written down",
    pod: deleted,
    state: stateOf(instance("app")),
    record: { ...NEW_RECORD, stop: { ...stop, writeAtMs: NOW.monotonicMs } },
    want: "write; when woken; ending",
  },
  {
    name: "before that it is not",
    pod: deleted,
    state: stateOf(instance("app")),
    record: { ...NEW_RECORD, stop: { ...stop, writeAtMs: NOW.monotonicMs + 300 } },
    want: "; in 300; ending",
  },
  {
    name: "a stop that failed then has the rest of the grace period",
    pod: deleted,
    state: stateOf(instance("app")),
    record: withEndedStop({ ...NEW_RECORD, stop }, { failedAtMs: NOW.monotonicMs - 1_000 }),
    want: "stop all (app-0 in 12000); when woken; ending",
  },
  {
    name: "a pod is not run again after its stop has begun",
    state: stateOf(exited("app", 0)),
    record: { ...NEW_RECORD, stop: { ...stop, underWay: false } },
    want: "stop sandbox-0; at once; ending",
  },
  {
    name: "sandboxes are stopped when no container runs, dead ones too",
    pod: deleted,
    state: dead,
    want: "stop sandbox-0; at once; ending",
  },
  {
    name: "then everything of a deleted pod is cleared away, its object before what the runtime has",
    pod: deleted,
    state: dead,
    record: withStoppedSandbox(NEW_RECORD, "sandbox-0"),
    want: "holds | files | object | remove app-0 | remove sandbox-0 | logs; when woken; clearing",
  },
  {
    name: "what was cleared away is not cleared away again",
    pod: deleted,
    state: NOTHING_RUNNING,
    record: (["holds", "files", "object", "logs"] as const).reduce(withCleared, NEW_RECORD),
    want: "; when woken; clearing",
  },
  {
    name: "last messages are stored before the files go that they are in",
    pod: deleted,
    state: { ...dead, containers: [exited("app", 1, { message: "out of tokens" })] },
    record: withStoppedSandbox(NEW_RECORD, "sandbox-0"),
    want: "holds | status | files | object | remove app-0 | remove sandbox-0 | logs; when woken; clearing",
  },
  {
    name: "a pod that is gone from the API has no object to remove",
    state: dead,
    record: withRemoval(withStoppedSandbox(NEW_RECORD, "sandbox-0")),
    want: "holds | files | remove app-0 | remove sandbox-0 | logs; when woken; clearing",
  },
  {
    name: "a pod that has finished keeps its containers and logs",
    pod: finished,
    state: dead,
    record: withStoppedSandbox(NEW_RECORD, "sandbox-0"),
    want: "holds | files; when woken; ending",
  },
  {
    name: "a pod that finishes now ends",
    pod: testPod({ restartPolicy: "Never" }),
    state: stateOf(exited("app", 0)),
    want: "stop sandbox-0; at once; ending",
  },
];

for (const {
  name,
  pod = testPod(),
  state = stateOf(),
  record = NEW_RECORD,
  probes = {},
  node,
  tokenRenewInMs,
  want,
} of cases) {
  test(`planPod: ${name}`, () => {
    assert.equal(format(plan({ pod, state, record, probes, node, tokenRenewInMs })), want);
  });
}

test("planPod: a failed pull is shown, and is used up", () => {
  const failed = withFailedPull(pulling.pulls, "app", { of: "app:1", why, nowMs: NOW.monotonicMs });
  const { record, status } = plan({ pod: testPod(), state: stateOf(), record: withPulls(pulling, failed) });
  assert.equal(status?.containerStatuses?.[0]?.state?.waiting?.reason, why.reason);
  assert.equal(record.pulls.attempts.size, 0);
});

test("planPod: what was decided is in the record and in the status", () => {
  const refused = plan({ pod: forbidden, state: NOTHING_RUNNING });
  assert.deepEqual([refused.record.failure?.reason, refused.status?.phase], ["SysctlForbidden", "Failed"]);
  const backingOff = plan({ pod: testPod(), state: stateOf(restarted) });
  assert.equal(backingOff.record.reasons.get("app")?.reason, "CrashLoopBackOff");
  assert.equal(backingOff.status?.containerStatuses?.[0]?.state?.waiting?.reason, "CrashLoopBackOff");
  const stopped = plan({ pod: deleted, state: stateOf(instance("app")) });
  assert.deepEqual(stopped.record.stop, {
    ...stop,
    deadlineMs: 120_000,
    retryAtMs: NOW.monotonicMs,
    writeAtMs: 101_000,
  });
});

/** Plans are carried out on these until one has no steps. */
const courses: { name: string; pod: Pod; state: PodState; record?: PodRecord; want: string[] }[] = [
  {
    name: "a new pod with an init container and a sidecar",
    pod: testPod({ initContainers: [{ name: "setup" }, { name: "proxy", restartPolicy: "Always" }] }),
    state: NOTHING_RUNNING,
    want: ["sandbox 0, objects | volumes | start setup 0", "objects | start proxy 0", "objects | start app 0"],
  },
  {
    name: "a pod that has lost its sandbox",
    pod: testPod(),
    state: { sandboxes: [sandbox({ ready: false })], containers: [exited("app", 137)], ips: [] },
    record: withVolumesMade,
    want: ["Normal SandboxChanged, stop sandbox-0 | sandbox 1, objects | start app 1 (10000)"],
  },
  {
    name: "a deleted pod",
    pod: deleted,
    state: stateOf(instance("app")),
    want: [
      "stop all (app-0 in 20000)",
      "stop sandbox-0",
      "holds | files | object | remove app-0 | remove sandbox-0 | logs",
    ],
  },
];

for (const { name, pod, state, record = NEW_RECORD, want } of courses) {
  test(`planPod: plans come to an end: ${name}`, () => {
    const plans: string[] = [];
    let world = { state, record };
    for (let looks = 0; looks < 10; looks += 1) {
      const planned = plan({ pod, ...world });
      if (planned.groups.length === 0) break;
      plans.push(format(planned).replace(/;.*$/, ""));
      world = planned.groups.flat().reduce(carriedOut, { ...world, record: planned.record });
    }
    assert.deepEqual(plans, want);
  });
}

interface World {
  readonly state: PodState;
  readonly record: PodRecord;
}

/** What a step that goes well makes of the runtime and the record. An init container `setup` ends at once. */
function carriedOut({ state, record }: World, step: PodStep): World {
  const containers = (change: (c: RuntimeContainer) => RuntimeContainer[]) => ({
    record,
    state: { ...state, containers: state.containers.flatMap(change) },
  });
  switch (step.do) {
    case "make-sandbox": {
      const made = sandbox({ attempt: step.attempt, createdAt: step.attempt });
      return { record, state: { ...state, sandboxes: [made, ...state.sandboxes], ips: ["10.244.1.2"] } };
    }
    case "make-volumes":
      return { state, record: withVolumes(record, new Map(), JUST_NOW) };
    case "start-container": {
      const of = { attempt: step.next.attempt, sandboxId: state.sandboxes[0]?.id ?? "" };
      const made = step.name === "setup" ? exited(step.name, 0, of) : instance(step.name, of);
      return { record: withStart(record, step.name), state: { ...state, containers: [made, ...state.containers] } };
    }
    case "begin-stop": {
      const ids = step.groups.flat().map((s) => s.containerId);
      const ended = containers((c) => [ids.includes(c.id) ? { ...c, state: "exited" } : c]);
      return { ...ended, record: withEndedStop(record) };
    }
    case "stop-sandbox": {
      const sandboxes = state.sandboxes.map((s) => (s.id === step.sandboxId ? { ...s, ready: false } : s));
      return { record: withStoppedSandbox(record, step.sandboxId), state: { ...state, sandboxes, ips: [] } };
    }
    case "remove-container":
      return containers((c) => (c.id === step.containerId ? [] : [c]));
    case "remove-sandbox":
      return { record, state: { ...state, sandboxes: state.sandboxes.filter((s) => s.id !== step.sandboxId) } };
    case "release-holds":
      return { state, record: withCleared(record, "holds") };
    case "remove-files":
      return { state, record: withCleared(record, "files") };
    case "remove-object":
      return { state, record: withCleared(record, "object") };
    case "remove-logs":
      return { state, record: withCleared(record, "logs") };
    default:
      return { state, record };
  }
}

test("planPod: containers that are stopped to start again are remembered while the runtime has them", () => {
  const { record } = plan({
    pod: testPod({ containers: [{ name: "app" }] }),
    state: stateOf(instance("app", { attempt: 2 }), exited("app", 1, { attempt: 1 })),
    record: { ...withVolumesMade, restarting: new Set(["app-0", "app-1"]) },
    probes: { "app-2": { liveness: "failure" } },
  });
  assert.deepEqual([...record.restarting], ["app-1", "app-2"]);
});

function plan(of: {
  pod: Pod;
  state: PodState;
  record?: PodRecord;
  probes?: Record<string, ContainerProbes>;
  node?: Partial<PodNode> | undefined;
  tokenRenewInMs?: number | undefined;
}): PodPlan {
  const { record = NEW_RECORD, probes = {}, node = {}, tokenRenewInMs } = of;
  const runtimeStatus = { networkReady: true, message: "" };
  return planPod({
    pod: of.pod,
    state: of.state,
    record,
    probes: { of: (id) => probes[id] ?? {} },
    node: {
      nodeIPs: ["192.0.2.7"],
      runtimeName: "containerd",
      simulated: false,
      runtimeStatus,
      room: () => ROOM,
      ...node,
    },
    tokenRenewInMs,
    now: NOW,
  });
}

function failedVolumes(pod: Pod, times: number): PodRecord {
  let record = NEW_RECORD;
  for (let i = 0; i < times; i += 1) record = withFailedVolumes(record, pod, JUST_NOW);
  return record;
}

function iso(fromNowMs: number): string {
  return new Date(NOW.wallMs + fromNowMs).toISOString();
}

/** One line for a plan: groups of steps between bars, then when to look again, then the course unless the pod runs. */
function format({ groups, wakeAtMs, course }: PodPlan): string {
  const inMs = wakeAtMs - NOW.monotonicMs;
  const wake = inMs === 0 ? "at once" : inMs === Number.POSITIVE_INFINITY ? "when woken" : `in ${inMs}`;
  const steps = groups.map((group) => group.map(formatStep).join(", ")).join(" | ");
  return [steps, wake, ...(course === "running" ? [] : [course])].join("; ");
}

function formatPull(pull: StartPull): string {
  if (pull.choice === "pulled") return ` with ${pull.image.id}`;
  return pull.choice === "pull" ? "" : ` with no pull for ${pull.retryInMs}`;
}

function formatUpdate({ containerId, resources, lowersMemoryTo }: ContainerUpdate): string {
  const { cpu, memory } = { ...resources.requests };
  const lower = lowersMemoryTo === undefined ? "" : ` below ${lowersMemoryTo}`;
  return `${containerId} ${[cpu, memory].filter((amount) => amount !== undefined).join("/")}${lower}`;
}

function formatStep(step: PodStep): string {
  switch (step.do) {
    case "record-event":
      return `${step.type} ${step.reason}`;
    case "make-sandbox":
      return `sandbox ${step.attempt}`;
    case "read-objects":
      return "objects";
    case "make-volumes":
      return "volumes";
    case "resize-containers":
      return `resize ${step.updates.map(formatUpdate).join(" and ")}`;
    case "start-container": {
      const { attempt, restartDelayMs } = step.next;
      const delay = restartDelayMs === undefined ? "" : ` (${restartDelayMs})`;
      return `start ${step.name} ${attempt}${delay}${formatPull(step.pull)}`;
    }
    case "stop-container":
      return `stop ${step.containerId} in ${step.deadlineMs - NOW.monotonicMs}`;
    case "begin-stop": {
      const stops = step.groups.map((group) =>
        group.map((s) => `${s.containerId} in ${s.deadlineMs - NOW.monotonicMs}`),
      );
      return `stop all (${stops.map((group) => group.join(", ")).join(" | ")})`;
    }
    case "shorten-stop":
      return `shorten to ${step.graceSeconds} ${step.containerIds.join(" ")}`;
    case "stop-sandbox":
      return `stop ${step.sandboxId}`;
    case "remove-container":
      return `remove ${step.containerId}${step.logs === undefined ? "" : ` with log ${step.logs.attempt}`}`;
    case "remove-sandbox":
      return `remove ${step.sandboxId}`;
    case "release-holds":
      return "holds";
    case "store-status":
      return "status";
    case "remove-files":
      return "files";
    case "remove-object":
      return "object";
    case "remove-logs":
      return "logs";
    case "write-record":
      return "write";
  }
}
