import assert from "node:assert/strict";
import { test } from "node:test";
import { complete, problemsOf } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import { webSpec, webTemplate } from "../apps.testing.ts";
import type { DaemonSet, DaemonSetSpec, DaemonSetStatus } from "./daemonset.ts";
import { daemonSetKind } from "./daemonset.ts";

const metadata = { name: "web", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" };
const daemonSet = (spec: Draft<DaemonSetSpec>, status: Draft<DaemonSetStatus> = {}): Draft<DaemonSet> => ({
  metadata,
  spec: { ...webSpec, ...spec },
  status,
});
const rolling = (rollingUpdate: { maxUnavailable?: number | string; maxSurge?: number | string }) =>
  daemonSet({ updateStrategy: { rollingUpdate } });
const UPDATE = "spec.updateStrategy.rollingUpdate";
const MISMATCH = 'Invalid value: {"app":"web"}: `selector` does not match template `labels`';

const checks: { name: string; draft: Draft<DaemonSet>; previous?: Draft<DaemonSet>; want: string[] }[] = [
  { name: "one that says what it must", draft: daemonSet({}), want: [] },
  {
    name: "no selector",
    draft: { metadata, spec: { template: webTemplate } },
    want: [`spec.template.metadata.labels: ${MISMATCH}`],
  },
  {
    name: "an empty selector",
    draft: daemonSet({ selector: {} }),
    want: ["spec.selector: Invalid value: {}: empty selector is invalid for daemonset"],
  },
  {
    name: "a selector of other labels",
    draft: daemonSet({ selector: { matchLabels: { app: "other" } } }),
    want: [`spec.template.metadata.labels: ${MISMATCH}`],
  },
  {
    name: "pods that end",
    draft: daemonSet({
      template: { ...webTemplate, spec: { ...webTemplate.spec, restartPolicy: "Never", activeDeadlineSeconds: 5 } },
    }),
    want: [
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported",
    ],
  },
  {
    name: "negative numbers",
    draft: daemonSet({ minReadySeconds: -1, revisionHistoryLimit: -2 }),
    want: [
      "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
      "spec.revisionHistoryLimit: Invalid value: -2: must be greater than or equal to 0",
    ],
  },
  {
    name: "unavailable and surge pods at once",
    draft: rolling({ maxUnavailable: "10%", maxSurge: 1 }),
    want: [`${UPDATE}.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero`],
  },
  {
    name: "neither",
    draft: rolling({ maxUnavailable: 0, maxSurge: "0%" }),
    want: [`${UPDATE}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`],
  },
  {
    name: "more than all",
    draft: rolling({ maxUnavailable: 0, maxSurge: "101%" }),
    want: [`${UPDATE}.maxSurge: Invalid value: "101%": must not be greater than 100%`],
  },
  { name: "no rolling update", draft: daemonSet({ updateStrategy: { type: "OnDelete" } }), want: [] },
  {
    name: "another selector",
    draft: daemonSet({ selector: { matchExpressions: [{ key: "app", operator: "Exists" }] } }),
    previous: daemonSet({}),
    want: [
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable',
    ],
  },
  {
    name: "a status that does not add up",
    draft: daemonSet({}, { numberReady: -1, collisionCount: 1 }),
    previous: daemonSet({}, { collisionCount: 2 }),
    want: [
      "status.numberReady: Invalid value: -1: must be greater than or equal to 0",
      "status.collisionCount: Invalid value: 1: cannot be decremented",
    ],
  },
];

for (const { name, draft, previous, want } of checks) {
  test(`a DaemonSet is checked: ${name}`, () => {
    const stored = previous === undefined ? undefined : complete(daemonSetKind, previous);
    assert.deepEqual(problemsOf(daemonSetKind, draft, stored), want);
  });
}

test("a strategy that does not exist is shown as upstream shows it", () => {
  const stored = complete(daemonSetKind, daemonSet({}));
  const unknown = { ...stored, spec: { ...stored.spec, updateStrategy: { type: "Sideways" } } };
  // What a client sends is not of the type yet.
  const [error] = daemonSetKind.validate(unknown as unknown as DaemonSet);
  assert.equal(
    `${error?.path}: ${error?.message}`,
    'spec.updateStrategy: Unsupported value: {"Type":"Sideways","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
  );
});

test("one node at a time is replaced, and ten versions are kept, where nothing else is said", () => {
  const { spec } = complete(daemonSetKind, daemonSet({}));
  assert.deepEqual(spec.updateStrategy, { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } });
  assert.equal(spec.revisionHistoryLimit, 10);
  assert.equal(spec.template.spec.restartPolicy, "Always");
});

test("columns are upstream's", () => {
  const status = {
    desiredNumberScheduled: 5,
    currentNumberScheduled: 4,
    numberReady: 3,
    updatedNumberScheduled: 2,
    numberAvailable: 1,
  };
  const template = { ...webTemplate, spec: { ...webTemplate.spec, nodeSelector: { b: "2", a: "1" } } };
  const object = complete(daemonSetKind, daemonSet({ template }, status));
  const cells = daemonSetKind.columns.map(({ name, type, cell }) => [
    name,
    type,
    cell(object, Date.UTC(2026, 0, 1, 0, 5)),
  ]);
  assert.deepEqual(cells, [
    ["Name", "string", "web"],
    ["Desired", "integer", 5],
    ["Current", "integer", 4],
    ["Ready", "integer", 3],
    ["Up-to-date", "integer", 2],
    ["Available", "integer", 1],
    ["Node Selector", "string", "a=1,b=2"],
    ["Age", "string", "5m"],
    ["Containers", "string", "web"],
    ["Images", "string", "web:1"],
    ["Selector", "string", "app=web"],
  ]);
});
