import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ContainerStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { logRefusal } from "./log-refusal.ts";

const ended = { terminated: { exitCode: 1, containerID: "containerd://abc" } };

const cases: {
  name: string;
  status: Partial<Record<"state" | "lastState", object>> | undefined;
  previous?: boolean;
  want: string;
}[] = [
  { name: "running", status: { state: { running: {} } }, want: "readable" },
  { name: "ended", status: { state: ended }, want: "readable" },
  { name: "unknown to the kubelet", status: undefined, want: 'container "main" in pod "web" is not available' },
  {
    name: "being created",
    status: { state: { waiting: { reason: "ContainerCreating" } } },
    want: 'container "main" in pod "web" is waiting to start: ContainerCreating',
  },
  {
    name: "its image cannot be pulled",
    status: { state: { waiting: { reason: "ErrImagePull" } } },
    want: 'container "main" in pod "web" is waiting to start: image can\'t be pulled',
  },
  {
    name: "its image could not be pulled several times",
    status: { state: { waiting: { reason: "ImagePullBackOff" } } },
    want: 'container "main" in pod "web" is waiting to start: trying and failing to pull image',
  },
  {
    name: "waiting to be restarted",
    status: { state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: ended },
    want: "readable",
  },
  { name: "the one before", status: { state: { running: {} }, lastState: ended }, previous: true, want: "readable" },
  {
    name: "the one before the first",
    status: { state: { running: {} } },
    previous: true,
    want: 'previous terminated container "main" in pod "web" not found',
  },
  { name: "no state at all", status: {}, want: 'container "main" in pod "web" is waiting to start - no logs yet' },
];

for (const { name, status, previous = false, want } of cases) {
  test(`logRefusal: ${name}`, () => {
    const statuses = status === undefined ? [] : [{ name: "main", ...status } as ContainerStatus];
    // Only what the function reads.
    const pod = { metadata: { name: "web" }, status: { containerStatuses: statuses } } as unknown as Pod;
    assert.equal(logRefusal(pod, "main", previous) ?? "readable", want);
  });
}
