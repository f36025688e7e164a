import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { type OwnedPodTraits, ownedPod, replicaSet } from "./objects.testing.ts";
import { planReplicas } from "./plan.ts";

const NOW_MS = Date.parse("2026-01-10T00:00:00Z");
const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name).join(" ");
const numbered = (pods: readonly Pod[]) => new Map(pods.entries());
const many = (count: number) => Array.from({ length: count }, (_, i) => ownedPod(`p${i}`));

const counts: { name: string; wanted: number; there: number; create: number; remove: number }[] = [
  { name: "none are wanted and none are there", wanted: 0, there: 0, create: 0, remove: 0 },
  { name: "all are missing", wanted: 3, there: 0, create: 3, remove: 0 },
  { name: "one is missing", wanted: 3, there: 2, create: 1, remove: 0 },
  { name: "it is as it should be", wanted: 3, there: 3, create: 0, remove: 0 },
  { name: "one is too many", wanted: 3, there: 4, create: 0, remove: 1 },
  { name: "all are too many", wanted: 0, there: 4, create: 0, remove: 4 },
  { name: "more are missing than are made in one go", wanted: 501, there: 0, create: 500, remove: 0 },
  { name: "more are too many than are deleted in one go", wanted: 0, there: 501, create: 0, remove: 500 },
];
for (const { name, wanted, there, create, remove } of counts) {
  test(`planReplicas: ${name}`, () => {
    const pods = many(there);
    const plan = (now: readonly Pod[]) =>
      planReplicas({ replicaSet: replicaSet(wanted), active: numbered(now), related: () => now, nowMs: NOW_MS });
    const first = plan(pods);
    assert.deepEqual([first.create, first.remove.length], [create, remove]);

    const left = pods.filter((pod) => !first.remove.includes(pod));
    const again = plan([...left, ...many(first.create)]);
    const isCut = Math.max(create, remove) === 500;
    assert.deepEqual([again.create, again.remove.length], isCut ? [create > 0 ? 1 : 0, remove > 0 ? 1 : 0] : [0, 0]);
  });
}

/** Of the two pods, the first is the one that goes. Each row leaves all that counts for more alike. */
const rankings: { name: string; goes: OwnedPodTraits; stays: OwnedPodTraits; related?: readonly Pod[] }[] = [
  {
    name: "one that has no node, before one that is not ready",
    goes: { node: "", phase: "Pending", ready: false, deletionCost: "9" },
    stays: { phase: "Pending", ready: false },
  },
  { name: "one that waits, before one that runs", goes: { phase: "Pending" }, stays: { ready: false } },
  {
    name: "one that is not ready, however dear",
    goes: { ready: false, deletionCost: "100" },
    stays: { deletionCost: "-100" },
  },
  { name: "the cheaper one", goes: { deletionCost: "-5" }, stays: { deletionCost: "3" } },
  { name: "a cost that is no number counts as none", goes: { deletionCost: "x" }, stays: { deletionCost: "1" } },
  { name: "nor does one with a leading zero", goes: { deletionCost: "09" }, stays: { deletionCost: "1" } },
  { name: "nor one of more than 32 bits", goes: { deletionCost: "3000000000" }, stays: { deletionCost: "1" } },
  {
    name: "the one with more neighbours, of any version of the workload",
    goes: { node: "n1", readySince: "2026-01-01T00:00:00Z" },
    stays: { node: "n2", readySince: "2026-01-09T23:00:00Z" },
    related: [ownedPod("old", { node: "n1", controller: "uid-old" }), ownedPod("x", { node: "n1" })],
  },
  {
    name: "ended neighbours do not count",
    goes: { node: "n2", deletionCost: "0", readySince: "2026-01-09T23:00:00Z" },
    stays: { node: "n1", readySince: "2026-01-01T00:00:00Z" },
    related: [ownedPod("old", { node: "n1", phase: "Failed" }), ownedPod("x", { node: "n1", terminating: true })],
  },
  {
    name: "the one that became ready last",
    goes: { readySince: "2026-01-09T23:00:00Z", restarts: 0 },
    stays: { readySince: "2026-01-01T00:00:00Z", restarts: 9 },
  },
  {
    name: "ready times of one order of magnitude are as good as equal: the uid decides",
    goes: { readySince: "2026-01-05T00:00:00Z" },
    stays: { readySince: "2026-01-06T00:00:00Z" },
  },
  { name: "the one that restarted more often", goes: { restarts: 2 }, stays: { restarts: 1 } },
  {
    name: "the one whose sidecar did",
    goes: { restarts: 1, sidecarRestarts: 2 },
    stays: { restarts: 1, sidecarRestarts: 1 },
  },
  {
    name: "the newer one",
    goes: { ready: false, created: "2026-01-09T23:00:00Z" },
    stays: { ready: false, created: "2026-01-01T00:00:00Z" },
  },
];
for (const { name, goes, stays, related = [] } of rankings) {
  test(`who goes: ${name}`, () => {
    const first = ownedPod("a", goes);
    const second = ownedPod("b", stays);
    for (const pods of [
      [first, second],
      [second, first],
    ]) {
      const plan = planReplicas({
        replicaSet: replicaSet(1),
        active: numbered(pods),
        related: () => related,
        nowMs: NOW_MS,
      });
      assert.equal(names(plan.remove), "a");
    }
  });
}

test("the order is the same whatever order the pods come in", () => {
  const pods = [
    ownedPod("e"),
    ownedPod("d", { deletionCost: "-1" }),
    ownedPod("c", { ready: false }),
    ownedPod("b", { phase: "Pending" }),
    ownedPod("a", { node: "" }),
  ];
  for (const given of [pods, pods.toReversed()]) {
    const plan = planReplicas({ replicaSet: replicaSet(1), active: numbered(given), related: () => [], nowMs: NOW_MS });
    assert.equal(names(plan.remove), "a b c d");
  }
});
