import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeObject } from "../../../codec/encode.ts";
import { complete, problemsOf } from "../../../complete.testing.ts";
import { strategicMerge } from "../../../patch/strategic-merge.ts";
import type { Draft } from "../../../schema.ts";
import { webSpec, webTemplate } from "../apps.testing.ts";
import type { Deployment, DeploymentSpec, DeploymentStatus } from "./deployment.ts";
import { deploymentKind } from "./deployment.ts";

const metadata = { name: "web", namespace: "default", creationTimestamp: "2026-01-01T00:00:00Z" };
const deployment = (spec: Draft<DeploymentSpec>, status: Draft<DeploymentStatus> = {}): Draft<Deployment> => ({
  metadata,
  spec: { ...webSpec, ...spec },
  status,
});
const rolling = (rollingUpdate: { maxUnavailable?: number | string; maxSurge?: number | string }) =>
  deployment({ strategy: { rollingUpdate } });
const container = { name: "web", image: "web:1" };
const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
const NOT_NEGATIVE = "must be greater than or equal to 0";

const checks: { name: string; draft: Draft<Deployment>; previous?: Draft<Deployment>; want: string[] }[] = [
  { name: "one that says what it must", draft: deployment({}), want: [] },
  {
    name: "no selector",
    draft: { metadata, spec: { template: webTemplate } },
    want: [
      "spec.selector: Required value",
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
  },
  {
    name: "an empty selector",
    draft: deployment({ selector: {} }),
    want: ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
  },
  {
    name: "a selector that is none",
    draft: deployment({ selector: { matchExpressions: [{ key: "app", operator: "In", values: [] }] } }),
    want: [
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"In"}]}: invalid label selector',
    ],
  },
  {
    name: "a template without labels",
    draft: deployment({ template: { spec: { containers: [container] } } }),
    want: ["spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"],
  },
  {
    name: "a template of no containers, with labels and annotations that are none",
    draft: deployment({ template: { metadata: { labels: { app: "web", "-": "x" }, annotations: { "a/b/c": "" } } } }),
    want: [
      "spec.template.labels: Invalid value: \"-\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      "spec.template.annotations: Invalid value: \"a/b/c\": a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
      "spec.template.spec.containers: Required value",
    ],
  },
  {
    name: "pods that do not run for ever",
    draft: deployment({
      template: {
        ...webTemplate,
        spec: {
          containers: [container],
          ephemeralContainers: [{ name: "look", image: "look:1" }],
          restartPolicy: "Never",
          activeDeadlineSeconds: 10,
        },
      },
    }),
    want: [
      "spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template",
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
    ],
  },
  {
    name: "a port on the host's network that is left to the pod",
    draft: deployment({
      template: {
        ...webTemplate,
        spec: { hostNetwork: true, containers: [{ ...container, ports: [{ containerPort: 80 }] }] },
      },
    }),
    want: [],
  },
  {
    name: "neither fewer nor more pods on the way",
    draft: rolling({ maxUnavailable: 0, maxSurge: "0%" }),
    want: ["spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"],
  },
  {
    name: "more than all may be missing",
    draft: rolling({ maxUnavailable: "101%", maxSurge: "200%" }),
    want: ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%'],
  },
  {
    name: "texts that are no percentage",
    draft: rolling({ maxUnavailable: "1.5%", maxSurge: "3" }),
    want: [
      `spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "1.5%": ${PERCENT}`,
      `spec.strategy.rollingUpdate.maxSurge: Invalid value: "3": ${PERCENT}`,
    ],
  },
  {
    name: "a negative surge",
    draft: rolling({ maxUnavailable: 1, maxSurge: -1 }),
    want: [`spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: ${NOT_NEGATIVE}`],
  },
  {
    name: "Recreate bit by bit",
    draft: deployment({ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }),
    want: ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
  },
  {
    name: "negative numbers",
    draft: deployment({ replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1, progressDeadlineSeconds: -1 }),
    want: [
      `spec.replicas: Invalid value: -1: ${NOT_NEGATIVE}`,
      `spec.minReadySeconds: Invalid value: -1: ${NOT_NEGATIVE}`,
      `spec.revisionHistoryLimit: Invalid value: -1: ${NOT_NEGATIVE}`,
      `spec.progressDeadlineSeconds: Invalid value: -1: ${NOT_NEGATIVE}`,
      "spec.progressDeadlineSeconds: Invalid value: -1: must be greater than minReadySeconds",
    ],
  },
  {
    name: "pods that become available after the deadline",
    draft: deployment({ minReadySeconds: 600 }),
    want: ["spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"],
  },
  {
    name: "another selector",
    draft: deployment({ selector: { matchExpressions: [{ key: "app", operator: "Exists" }] } }),
    previous: deployment({}),
    want: [
      'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable',
    ],
  },
  {
    name: "a status that does not add up",
    draft: deployment(
      {},
      { replicas: 1, updatedReplicas: 2, readyReplicas: 0, availableReplicas: 1, terminatingReplicas: -2 },
    ),
    previous: deployment({}, { collisionCount: 2 }),
    want: [
      "status.terminatingReplicas: Invalid value: -2: must be greater than or equal to 0",
      "status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas",
      "status.collisionCount: Invalid value: 0: cannot be decremented",
    ],
  },
];

for (const { name, draft, previous, want } of checks) {
  test(`a Deployment is checked: ${name}`, () => {
    const stored = previous === undefined ? undefined : complete(deploymentKind, previous);
    assert.deepEqual(problemsOf(deploymentKind, draft, stored), want);
  });
}

test("an unknown strategy is shown as upstream shows it", () => {
  // Clients are not held to the closed set before validation.
  const strategy = { type: "BlueGreen" as "Recreate" };
  assert.deepEqual(problemsOf(deploymentKind, deployment({ strategy })), [
    'spec.strategy: Unsupported value: {"Type":"BlueGreen","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
  ]);
});

test("a Deployment gets upstream's defaults, and its template those of every pod but what only Pods have", () => {
  const { spec } = complete(deploymentKind, deployment({}));
  const { template, selector, ...rest } = spec;
  assert.deepEqual(selector, webSpec.selector);
  assert.deepEqual(rest, {
    replicas: 1,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  });
  assert.deepEqual(template.spec, {
    containers: [
      {
        name: "web",
        image: "web:1",
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: "IfNotPresent",
      },
    ],
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
  });
});

test("what is limited in a template is asked for only by its pods", () => {
  const { spec } = complete(
    deploymentKind,
    deployment({
      template: { ...webTemplate, spec: { containers: [{ ...container, resources: { limits: { cpu: "1" } } }] } },
    }),
  );
  assert.deepEqual(spec.template.spec.containers[0]?.resources, { limits: { cpu: "1" } });
});

test("zero is not absent", () => {
  const { spec } = complete(
    deploymentKind,
    deployment({ replicas: 0, revisionHistoryLimit: 0, strategy: { rollingUpdate: { maxSurge: 0 } } }),
  );
  assert.equal(spec.replicas, 0);
  assert.equal(spec.revisionHistoryLimit, 0);
  assert.deepEqual(spec.strategy.rollingUpdate, { maxUnavailable: "25%", maxSurge: 0 });
});

test("columns are upstream's", () => {
  const object = complete(
    deploymentKind,
    deployment(
      { replicas: 3, template: { ...webTemplate, spec: { containers: [container, { name: "b", image: "b:2" }] } } },
      { replicas: 3, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 1 },
    ),
  );
  const cells = deploymentKind.columns.map(({ name, priority, cell }) => [
    name,
    priority,
    cell(object, Date.UTC(2026, 0, 1, 0, 5)),
  ]);
  assert.deepEqual(cells, [
    ["Name", 0, "web"],
    ["Ready", 0, "1/3"],
    ["Up-to-date", 0, 2],
    ["Available", 0, 1],
    ["Age", 0, "5m"],
    ["Containers", 1, "web,b"],
    ["Images", 1, "web:1,b:2"],
    ["Selector", 1, "app=web"],
  ]);
});

test("a patch that goes over to Recreate takes away what only RollingUpdate has", () => {
  const current = JSON.parse(encodeObject(deploymentKind, complete(deploymentKind, deployment({}))));
  const containers = [{ name: "side", image: "side:1" }];
  const patch = {
    spec: {
      strategy: { $retainKeys: ["type"], type: "Recreate" },
      template: { spec: { containers: [...containers, { name: "web", image: "web:2" }] } },
    },
  };
  const patched = complete(deploymentKind, strategicMerge(deploymentKind.schema, current, patch) as Draft<Deployment>);
  assert.deepEqual(patched.spec.strategy, { type: "Recreate" });
  assert.deepEqual(
    patched.spec.template.spec.containers.map(({ name, image }) => `${name} ${image}`),
    ["side side:1", "web web:2"],
  );
  assert.deepEqual(deploymentKind.validate(patched), []);
});
