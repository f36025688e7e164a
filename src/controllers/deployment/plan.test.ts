import assert from "node:assert/strict";
import { test } from "node:test";
import { deployment, planned, replicaSet, said } from "./objects.testing.ts";

const table: {
  what: string;
  given: Parameters<typeof deployment>[0];
  sets: Parameters<typeof replicaSet>[0][];
  want: string[];
}[] = [
  { what: "a new Deployment gets all of its pods at once", given: {}, sets: [], want: ["create 3"] },
  { what: "a complete one nothing", given: {}, sets: [{ replicas: 3 }], want: [] },
  {
    what: "a new template gets as many pods as may be too many",
    given: { image: "v2" },
    sets: [{ replicas: 3 }],
    want: ["create 1"],
  },
  {
    what: "and none if there may be none, while old ones make room at once",
    given: { image: "v2", maxSurge: 0, maxUnavailable: 1 },
    sets: [{ replicas: 3 }],
    want: ["create 0", "v1: 3 -> 2"],
  },
  {
    what: "both limits 0 after rounding: one may be unavailable",
    given: { image: "v2", maxSurge: 0, maxUnavailable: "10%" },
    sets: [{ replicas: 3 }],
    want: ["create 0", "v1: 3 -> 2"],
  },
  {
    what: "surge is rounded up, unavailable down",
    given: { image: "v2", replicas: 10, maxSurge: "25%", maxUnavailable: "25%" },
    sets: [{ replicas: 10, desired: 10, max: 13 }],
    want: ["create 3", "v1: 10 -> 8"],
  },
  {
    what: "old ones stay until new ones are available",
    given: { image: "v2" },
    sets: [{ replicas: 3 }, { image: "v2", revision: 2, replicas: 1, available: 0 }],
    want: [],
  },
  {
    what: "one goes for each that is",
    given: { image: "v2" },
    sets: [{ replicas: 3 }, { image: "v2", revision: 2, replicas: 1 }],
    want: ["v1: 3 -> 2"],
  },
  {
    what: "and makes room for the next",
    given: { image: "v2" },
    sets: [{ replicas: 2 }, { image: "v2", revision: 2, replicas: 1 }],
    want: ["v2: 1 -> 2"],
  },
  {
    what: "old ones that are not available go first, whatever their age",
    given: { image: "v3", replicas: 4, maxSurge: 1, maxUnavailable: 1 },
    sets: [
      { image: "v1", replicas: 3, desired: 4, max: 5 },
      { image: "v2", revision: 2, replicas: 2, available: 0, desired: 4, max: 5 },
      { image: "v3", revision: 3, replicas: 0, desired: 4, max: 5 },
    ],
    want: ["v2: 2 -> 0"],
  },
  {
    what: "of available ones the oldest go first",
    given: { image: "v3", replicas: 4, maxSurge: 1, maxUnavailable: 1 },
    sets: [
      { image: "v1", replicas: 1, desired: 4, max: 5 },
      { image: "v2", revision: 2, replicas: 3, desired: 4, max: 5 },
      { image: "v3", revision: 3, replicas: 1, desired: 4, max: 5 },
    ],
    want: ["v1: 1 -> 0", "v2: 3 -> 2"],
  },
  {
    what: "figures from before the last scaling down are not counted on",
    given: { image: "v2", maxSurge: 0, maxUnavailable: 1 },
    sets: [
      { replicas: 2, actual: 3 },
      { image: "v2", revision: 2, replicas: 1 },
    ],
    want: [],
  },
  {
    what: "nor are those of a ReplicaSet that has not been looked at since",
    given: { image: "v2" },
    sets: [
      { replicas: 3, changed: true },
      { image: "v2", revision: 2, replicas: 1 },
    ],
    want: [],
  },
  {
    what: "a rollout that was turned round goes back to the old ReplicaSet",
    given: { image: "v1" },
    sets: [{ replicas: 2 }, { image: "v2", revision: 2, replicas: 2, available: 0 }],
    want: ["v1: annotated", "v2: 2 -> 1"],
  },
  {
    what: "too many of the current template are removed at once",
    given: { replicas: 3 },
    sets: [{ replicas: 5, desired: 3 }],
    want: ["v1: 5 -> 3"],
  },
  {
    what: "a deleted Deployment does nothing",
    given: { image: "v2", deleted: true },
    sets: [{ replicas: 3 }],
    want: [],
  },
  {
    what: "two ReplicaSets of one template: the older one counts",
    given: {},
    sets: [
      { name: "first", replicas: 3, revision: 1 },
      { name: "second", replicas: 0, revision: 1, age: 5 },
    ],
    want: ["first: annotated"],
  },

  // Scaling
  {
    what: "a size that was changed is followed",
    given: { replicas: 5 },
    sets: [{ replicas: 3 }],
    want: ["v1: 3 -> 5"],
  },
  { what: "down to nothing too", given: { replicas: 0 }, sets: [{ replicas: 3 }], want: ["v1: 3 -> 0"] },
  {
    what: "one that is right by chance is noted, so that updates go on",
    given: { replicas: 2, image: "v2", maxSurge: 0, maxUnavailable: 1 },
    sets: [{ replicas: 2 }, { image: "v2", revision: 2, replicas: 0 }],
    want: ["v1: annotated"],
  },
  {
    what: "during an update each ReplicaSet keeps its share: up",
    given: { replicas: 20, image: "v2", maxSurge: 3, maxUnavailable: 2 },
    sets: [
      { replicas: 8, desired: 10, max: 13 },
      { image: "v2", revision: 2, replicas: 5, available: 0, desired: 10, max: 13 },
    ],
    want: ["v2: 5 -> 9", "v1: 8 -> 14"],
  },
  {
    what: "down",
    given: { replicas: 5, image: "v2", maxSurge: 3, maxUnavailable: 2 },
    sets: [
      { replicas: 8, desired: 10, max: 13 },
      { image: "v2", revision: 2, replicas: 5, available: 0, desired: 10, max: 13 },
    ],
    want: ["v2: 5 -> 3", "v1: 8 -> 5"],
  },
  {
    what: "of equal ones the youngest grows by what is left over",
    given: { replicas: 6, image: "v3", maxSurge: 1, maxUnavailable: 1 },
    sets: [
      { image: "v1", replicas: 1, desired: 3 },
      { image: "v2", revision: 2, replicas: 1, desired: 3 },
      { image: "v3", revision: 3, replicas: 1, desired: 3 },
    ],
    want: ["v3: 1 -> 3", "v1: 1 -> 2", "v2: 1 -> 2"],
  },
  {
    what: "a current ReplicaSet that is all there is wanted takes the old ones' place",
    given: { replicas: 3, image: "v2" },
    sets: [
      { replicas: 1, desired: 2 },
      { image: "v2", revision: 2, replicas: 3 },
    ],
    want: ["v1: 1 -> 0"],
  },

  // Paused
  { what: "a paused one is made no ReplicaSet", given: { paused: true }, sets: [], want: [] },
  {
    what: "nor is its update, but it is scaled",
    given: { paused: true, image: "v2", replicas: 5 },
    sets: [{ replicas: 3 }],
    want: ["v1: 3 -> 5"],
  },

  // Recreate
  {
    what: "recreating: the old ReplicaSet is scaled to zero",
    given: { image: "v2", recreate: true },
    sets: [{ replicas: 3, max: 3 }],
    want: ["v1: 3 -> 0"],
  },
  {
    what: "recreating: as long as there are any, nothing else happens",
    given: { image: "v2", recreate: true },
    sets: [{ replicas: 0, actual: 1, max: 3 }],
    want: [],
  },
  {
    what: "recreating: then the new ones come, all of them",
    given: { image: "v2", recreate: true },
    sets: [{ replicas: 0, max: 3 }],
    want: ["create 3"],
  },
  {
    what: "recreating: going back",
    given: { image: "v1", recreate: true },
    sets: [
      { replicas: 0, max: 3 },
      { image: "v2", revision: 2, replicas: 0, max: 3 },
    ],
    want: ["v1: 0 -> 3"],
  },

  // History
  {
    what: "old revisions beyond the limit are deleted, lowest first",
    given: { image: "v4", revisionHistoryLimit: 1, status: { replicas: 3, updatedReplicas: 3, availableReplicas: 3 } },
    sets: [
      { image: "v1", revision: 9, replicas: 0, age: 1 },
      { image: "v2", revision: 2, replicas: 0 },
      { image: "v3", revision: 3, replicas: 0 },
      { image: "v4", revision: 10, replicas: 3 },
    ],
    want: ["delete v2", "delete v3"],
  },
  {
    what: "but not such that have pods, or may have some, or are going",
    given: { image: "v5", revisionHistoryLimit: 0, status: { replicas: 3, updatedReplicas: 3, availableReplicas: 3 } },
    sets: [
      { image: "v1", revision: 1, replicas: 0, actual: 1 },
      { image: "v2", revision: 2, replicas: 0, unobserved: true },
      { image: "v3", revision: 3, replicas: 0, deleted: true },
      { image: "v4", revision: 4, replicas: 0 },
      { image: "v5", revision: 5, replicas: 3 },
    ],
    want: ["delete v4"],
  },
  {
    what: "and not before the update is over",
    given: { image: "v2", revisionHistoryLimit: 0 },
    sets: [
      { image: "v1", replicas: 0 },
      { image: "v2", revision: 2, replicas: 3, available: 2 },
    ],
    want: [],
  },
];

for (const { what, given, sets, want } of table) {
  test(`planDeployment: ${what}`, () => {
    assert.deepEqual(said(planned(deployment(given), sets.map(replicaSet))), want);
  });
}
