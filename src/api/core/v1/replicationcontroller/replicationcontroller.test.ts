import assert from "node:assert/strict";
import { test } from "node:test";
import { webTemplate } from "../../../apps/v1/apps.testing.ts";
import { complete, problemsOf } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import { selectableValues } from "../../../selectors/field-selector.ts";
import type {
  ReplicationController,
  ReplicationControllerSpec,
  ReplicationControllerStatus,
} from "./replicationcontroller.ts";
import { replicationControllerKind } from "./replicationcontroller.ts";

const metadata = { name: "web", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" };
const controller = (
  spec: Draft<ReplicationControllerSpec>,
  status: Draft<ReplicationControllerStatus> = {},
): Draft<ReplicationController> => ({ metadata, spec: { template: webTemplate, ...spec }, status });

const checks: {
  name: string;
  draft: Draft<ReplicationController>;
  previous?: Draft<ReplicationController>;
  want: string[];
}[] = [
  { name: "one that has only a template", draft: controller({}), want: [] },
  {
    name: "one that says nothing",
    draft: { metadata },
    want: ["spec.selector: Required value", "spec.template: Required value"],
  },
  {
    name: "a selector of other labels",
    draft: controller({ selector: { app: "web", tier: "a" } }),
    want: ['spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'],
  },
  {
    name: "a selector of a label that every object of the language has",
    draft: controller({ selector: { toString: "x" } }),
    want: ['spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'],
  },
  {
    name: "negative numbers",
    draft: controller({ replicas: -1, minReadySeconds: -1 }),
    want: [
      "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    ],
  },
  {
    name: "pods that end",
    draft: controller({
      template: { ...webTemplate, spec: { ...webTemplate.spec, restartPolicy: "OnFailure", activeDeadlineSeconds: 5 } },
    }),
    want: [
      'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported",
    ],
  },
  {
    name: "another selector, which is no mistake",
    draft: controller({
      selector: { app: "other" },
      template: { ...webTemplate, metadata: { labels: { app: "other" } } },
    }),
    previous: controller({}),
    want: [],
  },
  {
    name: "a status that does not add up",
    draft: controller({}, { replicas: 1, readyReplicas: 2, availableReplicas: -1 }),
    previous: controller({}),
    want: [
      "status.availableReplicas: Invalid value: -1: must be greater than or equal to 0",
      "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
    ],
  },
];

for (const { name, draft, previous, want } of checks) {
  test(`a ReplicationController is checked: ${name}`, () => {
    const stored = previous === undefined ? undefined : complete(replicationControllerKind, previous);
    assert.deepEqual(problemsOf(replicationControllerKind, draft, stored), want);
  });
}

const labelled: { name: string; draft: Draft<ReplicationController>; own: object; selector: object }[] = [
  { name: "of its template", draft: controller({}), own: { app: "web" }, selector: { app: "web" } },
  {
    name: "that it says itself",
    draft: { ...controller({ selector: { app: "web" } }), metadata: { ...metadata, labels: { a: "b" } } },
    own: { a: "b" },
    selector: { app: "web" },
  },
];
for (const { name, draft, own, selector } of labelled) {
  test(`a ReplicationController has the labels and the selector ${name}`, () => {
    const object = complete(replicationControllerKind, draft);
    assert.deepEqual([object.metadata.labels, object.spec.selector, object.spec.replicas], [own, selector, 1]);
    assert.equal(object.spec.template?.spec.restartPolicy, "Always");
  });
}

test("columns, selectable fields and scale are upstream's", () => {
  const object = complete(replicationControllerKind, controller({ replicas: 3 }, { replicas: 2, readyReplicas: 1 }));
  const cells = replicationControllerKind.columns.map(({ name, type, cell }) => [
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
  assert.deepEqual(selectableValues(replicationControllerKind, object), { "status.replicas": "2" });
  assert.deepEqual(replicationControllerKind.scale?.read(object), { wanted: 3, observed: 2, selector: "app=web" });
});
