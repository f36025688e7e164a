import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReplicaSet, ReplicaSetStatus } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { ownedPod, replicaSet, tallyOf } from "./objects.testing.ts";
import { nextAvailableMs, replicaSetStatus } from "./status.ts";

const now = "2026-01-01T00:01:00Z";
const nowMs = Date.parse(now);
const readyFor = (seconds: number) => ({ readySince: new Date(nowMs - seconds * 1000).toISOString() });
const minReady = (minReadySeconds: number) => replicaSet(2, { spec: { minReadySeconds } });
const failed = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: "before" } as const;
const leaving = [ownedPod("x", { terminating: true }), ownedPod("y", { terminating: true })];
const other = { type: "Other", status: "False" } as const;

const cases: {
  name: string;
  of?: ReplicaSet;
  pods?: readonly Pod[];
  terminating?: number;
  failure?: string;
  want: Partial<ReplicaSetStatus>;
}[] = [
  { name: "no pods", want: { replicas: 0 } },
  {
    name: "pods in different states",
    pods: [ownedPod("a"), ownedPod("b", { ready: false }), ownedPod("c", { labels: { app: "web", more: "x" } })],
    want: { replicas: 3, fullyLabeledReplicas: 3, readyReplicas: 2, availableReplicas: 2 },
  },
  {
    name: "a pod without all labels of the template",
    of: replicaSet(1, { spec: { template: { metadata: { labels: { app: "web", tier: "front" } }, spec: {} } } }),
    pods: [ownedPod("a")],
    want: { replicas: 1, readyReplicas: 1, availableReplicas: 1 },
  },
  { name: "pods that are ending", terminating: 2, want: { replicas: 0, terminatingReplicas: 2 } },
  {
    name: "pods that have been ready for long enough, just so and not yet",
    of: minReady(10),
    pods: [ownedPod("a", readyFor(11)), ownedPod("b", readyFor(10)), ownedPod("c", readyFor(9))],
    want: { replicas: 3, fullyLabeledReplicas: 3, readyReplicas: 3, availableReplicas: 2 },
  },
  {
    name: "a pod could not be made",
    failure: "no room",
    want: {
      replicas: 0,
      conditions: [
        { type: "ReplicaFailure", status: "True", lastTransitionTime: now, reason: "FailedCreate", message: "no room" },
      ],
    },
  },
  {
    name: "a pod could not be deleted",
    of: replicaSet(0),
    pods: [ownedPod("a", { ready: false })],
    failure: "not yours",
    want: {
      replicas: 1,
      fullyLabeledReplicas: 1,
      conditions: [
        {
          type: "ReplicaFailure",
          status: "True",
          lastTransitionTime: now,
          reason: "FailedDelete",
          message: "not yours",
        },
      ],
    },
  },
  {
    name: "a failure that goes on keeps its condition",
    of: replicaSet(2, { status: { conditions: [failed] } }),
    failure: "no room",
    want: { replicas: 0, conditions: [failed] },
  },
  {
    name: "a failure that has passed",
    of: replicaSet(2, { status: { conditions: [failed, other] } }),
    want: { replicas: 0, conditions: [other] },
  },
];
for (const { name, of = replicaSet(2), pods = [], terminating = 0, failure, want } of cases) {
  test(`replicaSetStatus: ${name}`, () => {
    const tally = tallyOf(of, [...pods, ...leaving.slice(0, terminating)]);
    const status = replicaSetStatus({ replicaSet: of, tally, failure, nowMs, now });
    assert.deepEqual(status, { terminatingReplicas: 0, observedGeneration: 3, ...want });
    const again = replicaSetStatus({ replicaSet: { ...of, status }, tally, failure, nowMs, now });
    assert.deepEqual(again, status, "and stays so");
  });
}

const waits: { name: string; of: ReplicaSet; pods: readonly Pod[]; want: number | undefined }[] = [
  { name: "nothing to wait for without minReadySeconds", of: minReady(0), pods: [ownedPod("a")], want: undefined },
  {
    name: "the pod that is nearest",
    of: minReady(10),
    pods: [ownedPod("a", readyFor(3)), ownedPod("b", readyFor(8)), ownedPod("c", readyFor(20))],
    want: 2_000,
  },
  {
    name: "one that is not ready becomes so by an event",
    of: minReady(10),
    pods: [ownedPod("a", { ready: false })],
    want: undefined,
  },
];
for (const { name, of, pods, want } of waits) {
  test(`nextAvailableMs: ${name}`, () => assert.equal(nextAvailableMs(of, tallyOf(of, pods), nowMs), want));
}
