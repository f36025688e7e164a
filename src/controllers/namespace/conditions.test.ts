import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeletionReport, deletionConditions } from "./conditions.ts";

const nothing: DeletionReport = {
  discoveryFailures: [],
  contentFailures: [],
  remaining: new Map(),
  finalizers: new Map(),
};
const early = "2026-01-01T00:00:00Z";
const late = "2026-01-01T00:01:00Z";

const cases: { name: string; report: Partial<DeletionReport>; want: string[] }[] = [
  { name: "nothing is in the way", report: {}, want: [] },
  {
    name: "what remains is counted",
    report: {
      remaining: new Map([
        ["pods.", 2],
        ["deployments.apps", 1],
      ]),
      finalizers: new Map([["example.com/hold", 1]]),
    },
    want: [
      "NamespaceContentRemaining SomeResourcesRemain: Some resources are remaining: deployments.apps has 1 resource instances, pods. has 2 resource instances",
      "NamespaceFinalizersRemaining SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    ],
  },
  {
    name: "a group that does not answer",
    report: { discoveryFailures: [{ groupVersion: "metrics.k8s.io/v1beta1", message: "no" }] },
    want: [
      "NamespaceDeletionDiscoveryFailure DiscoveryFailed: Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: no",
    ],
  },
  {
    name: "a deletion that failed",
    report: { contentFailures: ["secrets: forbidden"] },
    want: [
      "NamespaceDeletionContentFailure ContentDeletionFailed: Failed to delete all resource types, 1 remaining: secrets: forbidden",
    ],
  },
];

for (const { name, report, want } of cases) {
  test(`deletionConditions: ${name}`, () => {
    const conditions = deletionConditions([], { ...nothing, ...report }, early) ?? [];
    assert.equal(conditions.length, 5);
    const failing = conditions.filter(({ status }) => status === "True");
    assert.deepEqual(
      failing.map((c) => `${c.type} ${c.reason}: ${c.message}`),
      want,
    );
    assert.equal(deletionConditions(conditions, { ...nothing, ...report }, late), undefined, "said once is enough");
  });
}

test("deletionConditions: the time is that of the change of status, not of the words", () => {
  const two = deletionConditions([], { ...nothing, remaining: new Map([["pods.", 2]]) }, early) ?? [];
  const one = deletionConditions(two, { ...nothing, remaining: new Map([["pods.", 1]]) }, late) ?? [];
  const none = deletionConditions(one, nothing, late) ?? [];
  const time = (all: typeof two) => all.find(({ type }) => type === "NamespaceContentRemaining")?.lastTransitionTime;
  assert.deepEqual([time(one), time(none)], [early, late]);
});
