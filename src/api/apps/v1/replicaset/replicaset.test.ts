import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, problemsOf } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import { webSpec } from "../apps.testing.ts";
import type { ReplicaSet, ReplicaSetSpec, ReplicaSetStatus } from "./replicaset.ts";
import { replicaSetKind } from "./replicaset.ts";

const metadata = { name: "web", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" };
const replicaSet = (spec: Draft<ReplicaSetSpec>, status: Draft<ReplicaSetStatus> = {}): Draft<ReplicaSet> => ({
  metadata,
  spec: { ...webSpec, ...spec },
  status,
});

const checks: { name: string; draft: Draft<ReplicaSet>; previous?: Draft<ReplicaSet>; want: string[] }[] = [
  { name: "one that says what it must", draft: replicaSet({}), want: [] },
  {
    name: "one that says nothing",
    draft: { metadata },
    want: [
      "spec.selector: Required value",
      "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
      "spec.template.spec.containers: Required value",
    ],
  },
  {
    name: "negative numbers",
    draft: replicaSet({ replicas: -1, minReadySeconds: -1 }),
    want: [
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
    ],
  },
  {
    name: "another selector",
    draft: replicaSet({ selector: { matchExpressions: [{ key: "app", operator: "Exists" }] } }),
    previous: replicaSet({}),
    want: [
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable',
    ],
  },
  {
    name: "another template, which is no mistake",
    draft: replicaSet({
      template: { ...webSpec.template, spec: { containers: [{ name: "web", image: "web:2" }] } },
    }),
    previous: replicaSet({}),
    want: [],
  },
  {
    name: "a status that does not add up",
    draft: replicaSet({}, { replicas: 1, fullyLabeledReplicas: 2, readyReplicas: -1, terminatingReplicas: -2 }),
    previous: replicaSet({}),
    want: [
      "status.readyReplicas: Invalid value: -1: must be greater than or equal to 0",
      "status.terminatingReplicas: Invalid value: -2: must be greater than or equal to 0",
      "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 0: cannot be greater than readyReplicas",
    ],
  },
];

for (const { name, draft, previous, want } of checks) {
  test(`a ReplicaSet is checked: ${name}`, () => {
    const stored = previous === undefined ? undefined : complete(replicaSetKind, previous);
    assert.deepEqual(problemsOf(replicaSetKind, draft, stored), want);
  });
}

test("columns are upstream's", () => {
  const object = complete(replicaSetKind, replicaSet({ replicas: 3 }, { replicas: 2, readyReplicas: 1 }));
  const cells = replicaSetKind.columns.map(({ name, type, cell }) => [
    name,
    type,
    cell(object, Date.UTC(2026, 0, 1, 0, 5)),
  ]);
  assert.deepEqual(cells, [
    ["Name", "string", "web"],
    ["Desired", "integer", 3],
    ["Current", "integer", 2],
    ["Ready", "integer", 1],
    ["Age", "string", "5m"],
    ["Containers", "string", "web"],
    ["Images", "string", "web:1"],
    ["Selector", "string", "app=web"],
  ]);
});
