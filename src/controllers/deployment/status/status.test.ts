import assert from "node:assert/strict";
import { test } from "node:test";
import { apiTime } from "@fairlead/api/api-time";
import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import type { Draft } from "@fairlead/api/schema";
import { deployment, planned, replicaSet, START_MS } from "../objects.testing.ts";

type Status = Draft<Deployment["status"]>;

const MINUTE = apiTime(START_MS + 60_000);

/** A condition as the API server would have it from the Deployment's start. */
function condition(type: string, status: "True" | "False" | "Unknown", reason: string, atMs = START_MS) {
  const time = apiTime(atMs);
  return { type, status, reason, message: reason, lastUpdateTime: time, lastTransitionTime: time };
}

const available = condition("Available", "True", "MinimumReplicasAvailable");
const complete: Status = { replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
const succeeded = condition("Progressing", "True", "NewReplicaSetAvailable");

const table: {
  what: string;
  given?: Parameters<typeof deployment>[0];
  sets?: Parameters<typeof replicaSet>[0][];
  /** The conditions afterwards: `Type=Status Reason: message`. */
  want: string[];
}[] = [
  {
    what: "created",
    want: [
      'Progressing=True NewReplicaSetCreated: Created new replica set "web-HASH"',
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.",
    ],
  },
  {
    what: "an adopted ReplicaSet",
    sets: [{ replicas: 3, available: 0, actual: 0 }],
    want: [
      'Progressing=True FoundNewReplicaSet: Found new replica set "v1"',
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.",
    ],
  },
  {
    what: "some pods came",
    given: { status: { conditions: [condition("Progressing", "True", "NewReplicaSetCreated")] } },
    sets: [{ replicas: 3, available: 2 }],
    want: [
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.",
      'Progressing=True ReplicaSetUpdated: ReplicaSet "v1" is progressing.',
    ],
  },
  {
    what: "enough are available, not all",
    given: { maxUnavailable: 1, status: { conditions: [condition("Progressing", "True", "ReplicaSetUpdated")] } },
    sets: [{ replicas: 3, available: 2 }],
    want: [
      "Available=True MinimumReplicasAvailable: Deployment has minimum availability.",
      'Progressing=True ReplicaSetUpdated: ReplicaSet "v1" is progressing.',
    ],
  },
  {
    what: "all are available",
    given: { status: { conditions: [condition("Progressing", "True", "ReplicaSetUpdated")] } },
    sets: [{ replicas: 3 }],
    want: [
      "Available=True MinimumReplicasAvailable: Deployment has minimum availability.",
      'Progressing=True NewReplicaSetAvailable: ReplicaSet "v1" has successfully progressed.',
    ],
  },
  {
    what: "a pod that fails after success is no rollout",
    given: { status: { ...complete, conditions: [available, succeeded] } },
    sets: [{ replicas: 3, available: 2 }],
    want: [
      "Progressing=True NewReplicaSetAvailable: NewReplicaSetAvailable",
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.",
    ],
  },
  {
    what: "no progress within the deadline",
    given: {
      progressDeadlineSeconds: 59,
      status: { conditions: [condition("Progressing", "True", "ReplicaSetUpdated")] },
    },
    sets: [{ replicas: 3, actual: 0 }],
    want: [
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.",
      'Progressing=False ProgressDeadlineExceeded: ReplicaSet "v1" has timed out progressing.',
    ],
  },
  {
    what: "a little is left of the deadline",
    given: {
      progressDeadlineSeconds: 60,
      status: { conditions: [condition("Progressing", "True", "ReplicaSetUpdated")] },
    },
    sets: [{ replicas: 3, actual: 0 }],
    want: [
      "Progressing=True ReplicaSetUpdated: ReplicaSetUpdated",
      "Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.",
    ],
  },
  {
    what: "no deadline, no word of progress",
    given: {
      progressDeadlineSeconds: 0x7fffffff,
      status: { conditions: [condition("Progressing", "True", "ReplicaSetUpdated")] },
    },
    sets: [{ replicas: 3 }],
    want: ["Available=True MinimumReplicasAvailable: Deployment has minimum availability."],
  },
  {
    what: "paused",
    given: { paused: true, status: { ...complete, conditions: [available, succeeded] } },
    sets: [{ replicas: 3 }],
    want: [
      "Available=True MinimumReplicasAvailable: MinimumReplicasAvailable",
      "Progressing=Unknown DeploymentPaused: Deployment is paused",
    ],
  },
  {
    what: "resumed",
    given: {
      image: "v2",
      status: { ...complete, conditions: [available, condition("Progressing", "Unknown", "DeploymentPaused")] },
    },
    sets: [{ replicas: 3 }, { image: "v2", revision: 2, replicas: 1, actual: 0 }],
    want: [
      "Available=True MinimumReplicasAvailable: MinimumReplicasAvailable",
      "Progressing=Unknown DeploymentResumed: Deployment is resumed",
    ],
  },
  {
    what: "failed before it was paused",
    given: {
      paused: true,
      status: { ...complete, conditions: [available, condition("Progressing", "False", "ProgressDeadlineExceeded")] },
    },
    sets: [{ replicas: 3 }],
    want: [
      "Available=True MinimumReplicasAvailable: MinimumReplicasAvailable",
      "Progressing=False ProgressDeadlineExceeded: ProgressDeadlineExceeded",
    ],
  },
  {
    what: "pods that cannot be made",
    given: { image: "v2", status: { ...complete, conditions: [available, succeeded] } },
    sets: [
      { replicas: 3, failure: "old trouble" },
      { image: "v2", revision: 2, replicas: 1, actual: 0, failure: "quota" },
    ],
    want: [
      "Available=True MinimumReplicasAvailable: MinimumReplicasAvailable",
      "Progressing=True NewReplicaSetAvailable: NewReplicaSetAvailable",
      "ReplicaFailure=True FailedCreate: quota",
    ],
  },
  {
    what: "and that could be made in the end",
    given: {
      status: { ...complete, conditions: [available, succeeded, condition("ReplicaFailure", "True", "FailedCreate")] },
    },
    sets: [{ replicas: 3 }],
    want: [
      "Available=True MinimumReplicasAvailable: MinimumReplicasAvailable",
      "Progressing=True NewReplicaSetAvailable: NewReplicaSetAvailable",
    ],
  },
];

for (const { what, given = {}, sets = [], want } of table) {
  test(`conditions: ${what}`, () => {
    const before = deployment({ progressDeadlineSeconds: 600, ...given });
    const { status } = planned(before, sets.map(replicaSet)).deployment ?? before;
    const conditions = (status.conditions ?? []).map(
      ({ type, status, reason, message }) =>
        `${type}=${status} ${reason}: ${message?.replace(/"web-\w+"/, '"web-HASH"')}`,
    );
    assert.deepEqual(conditions.sort(), [...want].sort());
  });
}

test("counts are those of the ReplicaSets", () => {
  const after = planned(deployment({ image: "v2" }), [
    replicaSet({ replicas: 2, actual: 3, available: 2, terminating: 1 }),
    replicaSet({ image: "v2", revision: 2, replicas: 2, actual: 1, available: 0, terminating: 2 }),
  ]).deployment;
  assert(after !== undefined);
  const { conditions: _, ...counts } = after.status;
  assert.deepEqual(
    { ...counts },
    {
      observedGeneration: 1,
      replicas: 4,
      updatedReplicas: 1,
      readyReplicas: 2,
      availableReplicas: 2,
      unavailableReplicas: 2,
      terminatingReplicas: 3,
      collisionCount: undefined,
    },
  );
});

test("a condition keeps its times while nothing changes; progress renews only lastUpdateTime", () => {
  const conditions = [available, condition("Progressing", "True", "ReplicaSetUpdated")];
  const before = deployment({ maxUnavailable: 2, progressDeadlineSeconds: 600, status: { conditions } });
  const after = planned(before, [replicaSet({ replicas: 3, available: 1 })]).deployment?.status.conditions ?? [];
  assert.deepEqual(after[0], available);
  assert.equal(after[1]?.lastTransitionTime, apiTime(START_MS));
  assert.equal(after[1]?.lastUpdateTime, MINUTE);
});

const looks: { what: string; reason: string; deadline?: number; available?: number; want: number | undefined }[] = [
  { what: "a second after the deadline", reason: "ReplicaSetUpdated", want: 541_000 },
  { what: "soon, when it is over", reason: "ReplicaSetUpdated", deadline: 60, want: 1_000 },
  { what: "not without one", reason: "ReplicaSetUpdated", deadline: 0x7fffffff, want: undefined },
  { what: "not after failure", reason: "ProgressDeadlineExceeded", want: undefined },
  { what: "not after success", reason: "NewReplicaSetAvailable", want: undefined },
  { what: "not when complete", reason: "ReplicaSetUpdated", available: 3, want: undefined },
];

for (const { what, reason, deadline = 600, available: count = 2, want } of looks) {
  test(`looks again: ${what}`, () => {
    const status = {
      ...complete,
      availableReplicas: 2,
      readyReplicas: 2,
      conditions: [condition("Progressing", "True", reason)],
    };
    const of = deployment({ progressDeadlineSeconds: deadline, status });
    assert.equal(planned(of, [replicaSet({ replicas: 3, available: count })]).lookAgainMs, want);
  });
}

test("an applied plan is empty", () => {
  const sets = [replicaSet({ replicas: 3, available: 2 })];
  const after = planned(deployment({ progressDeadlineSeconds: 600 }), sets);
  assert(after.deployment !== undefined);
  assert.deepEqual(after.changes, []);
  assert.equal(planned(after.deployment, sets, START_MS + 120_000).deployment, undefined);
});
