import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { RuntimeContainer } from "../../runtime/pod-runtime.ts";
import { exited, instance, stateOf, testPod } from "../../testing/pods.testing.ts";
import { containerHash, HASH_ANNOTATION } from "./container-hash.ts";
import { nextInstance, RESTART_DELAY_ANNOTATION } from "./next-instance.ts";

const delay = (delayMs: number) => ({ [RESTART_DELAY_ANNOTATION]: String(delayMs) });
const ofImage = (image: string) => ({ [HASH_ANNOTATION]: containerHash({ name: "app", image }) });

const cases: {
  name: string;
  last?: RuntimeContainer;
  status?: Partial<ContainerStatus>;
  want: [attempt: number, restartDelayMs: number | undefined];
}[] = [
  { name: "the first one", want: [0, undefined] },
  { name: "after a first one that ended", last: exited("app", 1), want: [1, 10_000] },
  {
    name: "after a restarted one that ended",
    last: exited("app", 1, { attempt: 4, annotations: delay(40_000) }),
    want: [5, 80_000],
  },
  {
    name: "after one that ran for more than ten minutes",
    last: exited("app", 1, { attempt: 4, createdAt: 0, finishedAt: 600_001, annotations: delay(40_000) }),
    want: [5, 10_000],
  },
  {
    name: "after one of another image",
    last: exited("app", 1, { attempt: 4, annotations: { ...delay(40_000), ...ofImage("app:0") } }),
    want: [5, 10_000],
  },
  {
    name: "after one of the same image",
    last: exited("app", 1, { attempt: 4, annotations: { ...delay(40_000), ...ofImage("app:1") } }),
    want: [5, 80_000],
  },
  {
    name: "after one that was made and never started",
    last: instance("app", { state: "created", attempt: 2, annotations: delay(20_000) }),
    want: [3, 20_000],
  },
  {
    name: "after one that only the status knows",
    status: { containerID: "containerd://1", restartCount: 3 },
    want: [4, undefined],
  },
  {
    name: "after a lost one that the status has counted",
    status: { restartCount: 4 },
    want: [4, undefined],
  },
  {
    name: "a status of another container says nothing",
    status: { name: "log", restartCount: 4 },
    want: [0, undefined],
  },
];

for (const { name, last, status, want } of cases) {
  test(`nextInstance: ${name}`, () => {
    const bare = testPod();
    const containerStatuses = status && [
      { name: "app", image: "", imageID: "", ready: false, restartCount: 0, ...status },
    ];
    const pod = { ...bare, status: { ...(containerStatuses && { containerStatuses }) } };
    const [container] = pod.spec.containers;
    assert.ok(container !== undefined);
    const { attempt, restartDelayMs } = nextInstance(pod, container, stateOf(...(last ? [last] : [])), 700_000);
    assert.deepEqual([attempt, restartDelayMs], want);
  });
}
