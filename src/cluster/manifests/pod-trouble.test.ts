import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "@fairlead/api/core/v1/event/event";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podTrouble } from "./pod-trouble.ts";

const ended = (exitCode: number, more: object = {}) => ({ terminated: { exitCode, reason: "Error", ...more } });
const container = (more: object) => ({ name: "c", ready: false, restartCount: 0, image: "", imageID: "", ...more });
const running = { running: { startedAt: "2026-01-01T00:00:00Z" } };

interface Warning {
  readonly reason: string;
  readonly message: string;
  readonly second?: number;
  readonly container?: string;
  readonly uid?: string;
  readonly type?: string;
}

const cases: { name: string; spec?: object; status: object; warnings?: Warning[]; want: string | undefined }[] = [
  { name: "a pod that says nothing", status: {}, want: undefined },
  {
    name: "a container that is about to start",
    status: { containerStatuses: [container({ state: { waiting: { reason: "ContainerCreating" } } })] },
    want: undefined,
  },
  {
    name: "a container that crashes, between two starts",
    status: { containerStatuses: [container({ state: ended(3, { message: "no\n  table" }) })] },
    want: "c: ended with exit code 3 (Error): no table",
  },
  {
    name: "a container that crashes, while it waits for the next start",
    status: {
      containerStatuses: [
        container({
          state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
          lastState: ended(137, { reason: "OOMKilled" }),
        }),
      ],
    },
    want: "c: CrashLoopBackOff: back-off 10s; last ended with exit code 137 (OOMKilled)",
  },
  {
    name: "a container that crashes, just started again",
    status: { containerStatuses: [container({ state: running, lastState: ended(1) })] },
    want: "c: last ended with exit code 1 (Error)",
  },
  {
    name: "an init container that fails",
    status: {
      initContainerStatuses: [container({ name: "init", state: ended(2) })],
      containerStatuses: [container({ state: { waiting: { reason: "PodInitializing" } } })],
    },
    want: "init: ended with exit code 2 (Error)",
  },
  {
    name: "two containers, one of which works",
    status: {
      containerStatuses: [
        container({ name: "a", ready: true, state: running }),
        container({ name: "b", state: { waiting: { reason: "ErrImagePull", message: "not found" } } }),
      ],
    },
    want: "b: ErrImagePull: not found",
  },
  {
    name: "a container that a probe finds not ready: the latest of its own probes",
    status: { containerStatuses: [container({ state: running })] },
    warnings: [
      { reason: "Unhealthy", message: "Readiness probe failed: second", container: "c", second: 2 },
      { reason: "Unhealthy", message: "Readiness probe failed: first", container: "c", second: 1 },
      { reason: "Unhealthy", message: "Liveness probe failed: other", container: "d", second: 3 },
      { reason: "Unhealthy", message: "Readiness probe failed: namesake", container: "c", second: 4, uid: "old" },
    ],
    want: "c: Unhealthy: Readiness probe failed: second",
  },
  {
    name: "a pod without a node",
    status: { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1: cpu" }] },
    warnings: [{ reason: "FailedScheduling", message: "0/1: cpu" }],
    want: "Unschedulable: 0/1: cpu",
  },
  {
    name: "a pod whose volume cannot be mounted",
    status: { containerStatuses: [container({ state: { waiting: { reason: "ContainerCreating" } } })] },
    warnings: [
      { reason: "FailedMount", message: 'configmap "c" not found' },
      { reason: "Pulled", message: "an ordinary event", second: 9, type: "Normal" },
    ],
    want: 'FailedMount: configmap "c" not found',
  },
  {
    name: "a pod that is Ready by now",
    status: { conditions: [{ type: "Ready", status: "True" }], containerStatuses: [container({ state: running })] },
    warnings: [{ reason: "FailedScheduling", message: "0/1: cpu" }],
    want: undefined,
  },
  {
    name: "a pod that was evicted",
    status: { phase: "Failed", reason: "Evicted", message: "low on memory" },
    want: "Evicted: low on memory",
  },
  {
    name: "a pod that has failed by its container",
    status: { phase: "Failed", containerStatuses: [container({ state: ended(1) })] },
    want: "c: ended with exit code 1 (Error)",
  },
  {
    name: "a pod that waits for a condition that is not its kubelet's",
    spec: { readinessGates: [{ conditionType: "example.com/a" }, { conditionType: "example.com/b" }] },
    status: {
      conditions: [{ type: "example.com/a", status: "True" }],
      containerStatuses: [container({ ready: true, state: running })],
    },
    want: "its readiness gates are not True: example.com/b",
  },
];

for (const { name, spec = {}, status, warnings = [], want } of cases) {
  test(`podTrouble: ${name}`, () => {
    // What is looked at is all there.
    const pod = { metadata: { name: "web", uid: "u" }, spec, status } as unknown as Pod;
    assert.equal(podTrouble(pod, warnings.map(event)), want);
  });
}

function event({ second = 0, container: of, uid = "u", type = "Warning", ...rest }: Warning): Event {
  const involvedObject = { kind: "Pod", uid, ...(of !== undefined && { fieldPath: `spec.containers{${of}}` }) };
  return { type, involvedObject, lastTimestamp: `2026-01-01T00:00:0${second}Z`, ...rest } as unknown as Event;
}
