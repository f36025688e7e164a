import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import type { Pod } from "./pod.ts";
import { podKind } from "./pod.ts";
import type { ContainerStatus } from "./pod-status.ts";

const NOW = Date.UTC(2026, 0, 1, 1);
const FIVE_MINUTES_AGO = "2026-01-01T00:55:00Z";

type Status = Draft<ContainerStatus>;
const running: Status = { name: "a", ready: true, state: { running: {} } };
const crashed: Status = {
  name: "a",
  restartCount: 3,
  state: { waiting: { reason: "CrashLoopBackOff" } },
  lastState: { terminated: { exitCode: 1, finishedAt: FIVE_MINUTES_AGO } },
};
const completed: Status = { name: "a", state: { terminated: { exitCode: 0, reason: "Completed" } } };
const killed: Status = { name: "a", state: { terminated: { exitCode: 137, signal: 9 } } };

const cases: { name: string; pod: Draft<Pod>; want: string[] }[] = [
  { name: "just created", pod: { status: { phase: "Pending" } }, want: ["0/1", "Pending", "0"] },
  {
    name: "running",
    pod: { status: { phase: "Running", containerStatuses: [running] } },
    want: ["1/1", "Running", "0"],
  },
  {
    name: "running but not ready",
    pod: { status: { phase: "Running", containerStatuses: [{ ...running, ready: false }] } },
    want: ["0/1", "Running", "0"],
  },
  {
    name: "crashing",
    pod: { status: { phase: "Running", containerStatuses: [crashed] } },
    want: ["0/1", "CrashLoopBackOff", "3 (5m ago)"],
  },
  {
    name: "pulling an image that is not there",
    pod: {
      status: { phase: "Pending", containerStatuses: [{ name: "a", state: { waiting: { reason: "ErrImagePull" } } }] },
    },
    want: ["0/1", "ErrImagePull", "0"],
  },
  {
    name: "done",
    pod: { status: { phase: "Succeeded", containerStatuses: [completed] } },
    want: ["0/1", "Completed", "0"],
  },
  {
    name: "killed",
    pod: { status: { phase: "Failed", containerStatuses: [killed] } },
    want: ["0/1", "Signal:9", "0"],
  },
  {
    name: "one done, one running and ready",
    pod: {
      spec: { containers: [{ name: "a" }, { name: "b" }] },
      status: {
        phase: "Running",
        conditions: [{ type: "Ready", status: "True" }],
        containerStatuses: [completed, { ...running, name: "b" }],
      },
    },
    want: ["1/2", "Running", "0"],
  },
  {
    name: "first init container at work",
    pod: {
      spec: { containers: [{ name: "a" }], initContainers: [{ name: "i" }, { name: "j" }] },
      status: {
        phase: "Pending",
        initContainerStatuses: [{ name: "i", state: { running: {} } }],
        containerStatuses: [{ name: "a", state: { waiting: { reason: "PodInitializing" } } }],
      },
    },
    want: ["0/1", "Init:0/2", "0"],
  },
  {
    name: "init container failing",
    pod: {
      spec: { containers: [{ name: "a" }], initContainers: [{ name: "i" }] },
      status: { phase: "Pending", initContainerStatuses: [{ ...crashed, name: "i" }] },
    },
    want: ["0/1", "Init:CrashLoopBackOff", "3 (5m ago)"],
  },
  {
    name: "with a sidecar, both ready",
    pod: {
      spec: { containers: [{ name: "a" }], initContainers: [{ name: "s", restartPolicy: "Always" }] },
      status: {
        phase: "Running",
        initContainerStatuses: [{ name: "s", ready: true, started: true, state: { running: {} } }],
        containerStatuses: [running],
      },
    },
    want: ["2/2", "Running", "0"],
  },
  {
    name: "being deleted",
    pod: {
      metadata: { deletionTimestamp: FIVE_MINUTES_AGO },
      status: { phase: "Running", containerStatuses: [running] },
    },
    want: ["1/1", "Terminating", "0"],
  },
  {
    name: "being deleted on a node that is gone",
    pod: { metadata: { deletionTimestamp: FIVE_MINUTES_AGO }, status: { phase: "Running", reason: "NodeLost" } },
    want: ["0/1", "Unknown", "0"],
  },
  {
    name: "evicted",
    pod: { status: { phase: "Failed", reason: "Evicted" } },
    want: ["0/1", "Evicted", "0"],
  },
  {
    name: "held back by a gate",
    pod: {
      status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
    },
    want: ["0/1", "SchedulingGated", "0"],
  },
];

for (const { name, pod, want } of cases) {
  test(`kubectl get pods: ${name}`, () => {
    const whole = complete(podKind, { spec: { containers: [{ name: "a" }] }, ...pod });
    assert.deepEqual(
      podKind.columns.slice(1, 4).map((column) => column.cell(whole, NOW)),
      want,
    );
  });
}

test("kubectl get pods -o wide adds where the pod is", () => {
  const pod = complete(podKind, {
    metadata: { name: "p", creationTimestamp: FIVE_MINUTES_AGO },
    spec: { containers: [], nodeName: "n", readinessGates: [{ conditionType: "lb" }] },
    status: { podIPs: [{ ip: "10.244.0.5" }], conditions: [{ type: "lb", status: "True" }] },
  });
  assert.deepEqual(
    podKind.columns.map(({ name }) => name),
    ["Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates"],
  );
  assert.deepEqual(
    podKind.columns.slice(4).map((column) => column.cell(pod, NOW)),
    ["5m", "10.244.0.5", "n", "<none>", "1/1"],
  );
});
