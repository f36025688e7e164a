import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyStruct } from "../../../any-object.testing.ts";
import { encodeObject } from "../../../codec/encode.ts";
import { complete, problemsOf } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import type {
  HorizontalPodAutoscalerSpec,
  HorizontalPodAutoscaler as HorizontalPodAutoscalerV2,
} from "../../v2/horizontalpodautoscaler/horizontalpodautoscaler.ts";
import { horizontalPodAutoscalerKind as v2Kind } from "../../v2/horizontalpodautoscaler/horizontalpodautoscaler.ts";
import { metricSpecSchema } from "../../v2/horizontalpodautoscaler/metrics.ts";
import { fromV2, toV2 } from "./convert-horizontalpodautoscaler.ts";
import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler.ts";
import { horizontalPodAutoscalerKind as v1Kind } from "./horizontalpodautoscaler.ts";

const metadata = { name: "web", namespace: "shop" };
const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
const spec = { scaleTargetRef, maxReplicas: 5 };

function inV2(draft: Draft<HorizontalPodAutoscalerV2>): HorizontalPodAutoscalerV2 {
  return complete(v2Kind, { metadata, ...draft });
}

function annotationsOf(hpa: HorizontalPodAutoscaler): Readonly<Record<string, string>> {
  return hpa.metadata.annotations ?? {};
}

test("a percentage of cpu is a field of version 1, and no annotation", () => {
  const hpa = complete(v1Kind, { metadata, spec: { ...spec, targetCPUUtilizationPercentage: 50 } });
  const converted = toV2(hpa);
  assert.deepEqual(converted.spec.metrics, [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
  ]);
  assert.deepEqual(fromV2(converted), hpa);
});

test("without a metric, version 1 aims at 80 percent of cpu", () => {
  const converted = toV2(complete(v1Kind, { metadata, spec }));
  assert.equal(fromV2(converted).spec.targetCPUUtilizationPercentage, 80);
});

test("what version 1 has no field for is in upstream's annotations, in upstream's words", () => {
  const hpa = inV2({
    spec: {
      ...spec,
      metrics: [
        { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: "100Mi" } } },
        {
          type: "Pods",
          pods: {
            metric: { name: "rps", selector: { matchLabels: { a: "b" } } },
            target: { type: "AverageValue", averageValue: "10" },
          },
        },
      ],
      behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
    },
    status: {
      desiredReplicas: 2,
      conditions: [
        { type: "AbleToScale", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z", reason: "Ready" },
      ],
      currentMetrics: [{ type: "Resource", resource: { name: "memory", current: { averageValue: "7Mi" } } }],
    },
  });
  const annotations = annotationsOf(fromV2(hpa));
  const prefix = "autoscaling.alpha.kubernetes.io";
  assert.equal(
    annotations[`${prefix}/metrics`],
    '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"100Mi"}},' +
      '{"type":"Pods","pods":{"metricName":"rps","targetAverageValue":"10","selector":{"matchLabels":{"a":"b"}}}}]',
  );
  assert.equal(
    annotations[`${prefix}/behavior`],
    '{"ScaleUp":{"StabilizationWindowSeconds":0,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15},' +
      '{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null},"ScaleDown":{"StabilizationWindowSeconds":60,' +
      '"SelectPolicy":"Max","Policies":[{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null}}',
  );
  assert.equal(
    annotations[`${prefix}/current-metrics`],
    '[{"type":"Resource","resource":{"name":"memory","currentAverageValue":"7Mi"}}]',
  );
  assert.equal(
    annotations[`${prefix}/conditions`],
    '[{"type":"AbleToScale","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z","reason":"Ready"}]',
  );
  assert.equal(encodeObject(v2Kind, toV2(fromV2(hpa))), encodeObject(v2Kind, hpa));
});

for (const text of ["", "{", "[1]", '{"a":1}', '[{"type":"Pods","pods":7}]', '{"ScaleUp":7}']) {
  test(`an annotation that cannot be read is dropped: ${text}`, () => {
    const annotations = Object.fromEntries(
      ["metrics", "behavior", "current-metrics", "conditions"].map((name) => [
        `autoscaling.alpha.kubernetes.io/${name}`,
        text,
      ]),
    );
    const hpa = complete(v1Kind, {
      metadata: { ...metadata, annotations },
      spec: { ...spec, targetCPUUtilizationPercentage: 50 },
    });
    const converted = toV2(hpa);
    assert.equal(converted.metadata.annotations, undefined);
    assert.equal(converted.spec.metrics?.length, 1);
    assert.equal(converted.spec.behavior, undefined);
  });
}

test("annotations of version 1 mean nothing in version 2", () => {
  const hpa = inV2({
    metadata: { ...metadata, annotations: { "autoscaling.alpha.kubernetes.io/metrics": "[]", mine: "1" } },
    spec,
  });
  assert.deepEqual(hpa.metadata.annotations, { mine: "1" });
});

test("every source of a metric comes back from version 1 as it was", () => {
  const metric = anyStruct(metricSpecSchema) as fc.Arbitrary<Record<string, unknown>>;
  const check = (given: Record<string, unknown>) => {
    // The type is made to fit the source: chance hardly ever meets it.
    const [source] = Object.keys(given).filter((name) => name !== "type");
    const type = source === undefined ? "" : source.charAt(0).toUpperCase() + source.slice(1);
    const draft = { ...(source !== undefined && { [source]: given[source] }), type };
    const hpa = inV2({ spec: { ...spec, metrics: [draft] } as Draft<HorizontalPodAutoscalerSpec> });
    const [before] = hpa.spec.metrics ?? [];
    const [after] = toV2(fromV2(hpa)).spec.metrics ?? [];
    const withoutTarget = (one: unknown) =>
      JSON.parse(JSON.stringify(one, (name, value: unknown) => (name === "target" ? undefined : value)));
    assert.deepEqual(withoutTarget(after), withoutTarget(before));
  };
  fc.assert(fc.property(metric, check), { numRuns: 300 });
});

const metric = (target: object) => ({
  spec: { ...spec, metrics: [{ type: "Resource", resource: { name: "cpu", target } }] },
});

const checks: readonly (readonly [name: string, draft: Draft<HorizontalPodAutoscalerV2>, want: readonly string[]])[] = [
  ["a plain one", { spec }, []],
  [
    "no target and no pods",
    { spec: { minReplicas: 0 } },
    [
      "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
      "spec.maxReplicas: Invalid value: 0: must be greater than 0",
      "spec.scaleTargetRef.kind: Required value",
      "spec.scaleTargetRef.name: Required value",
      'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group',
      "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
    ],
  ],
  [
    "fewer at most than at least",
    { spec: { ...spec, minReplicas: 6 } },
    ["spec.maxReplicas: Invalid value: 5: must be greater than or equal to `minReplicas`"],
  ],
  [
    "a reference that is no name",
    { spec: { ...spec, scaleTargetRef: { apiVersion: "a/b/c", kind: "De/ployment", name: ".." } } },
    [
      "spec.scaleTargetRef.kind: Invalid value: \"De/ployment\": may not contain '/'",
      "spec.scaleTargetRef.name: Invalid value: \"..\": may not be '..'",
      'spec.scaleTargetRef.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    ],
  ],
  [
    "a ReplicationController",
    { spec: { ...spec, scaleTargetRef: { apiVersion: "v1", kind: "ReplicationController", name: "a" } } },
    [],
  ],
  [
    "a metric of no type",
    { spec: { ...spec, metrics: [{ type: "Weather" }] } },
    [
      'spec.metrics[0].type: Unsupported value: "Weather": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      'spec.metrics[0].type: Unsupported value: "Weather": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
    ],
  ],
  [
    "a metric without its source",
    { spec: { ...spec, metrics: [{ type: "Pods" }] } },
    ["spec.metrics[0].pods: Required value: must populate information for the given metric source"],
  ],
  [
    "a target of no type",
    metric({ averageUtilization: 0 }),
    [
      "spec.metrics[0].resource.target.type: Required value: must specify a metric target type",
      'spec.metrics[0].resource.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
      "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0",
    ],
  ],
  [
    "a target with two values",
    metric({ type: "Utilization", averageUtilization: 50, averageValue: "1" }),
    [
      "spec.metrics[0].resource.target.averageValue: Forbidden: may not set both a target raw value and a target utilization",
    ],
  ],
  [
    "rules that are out of bounds",
    {
      spec: {
        ...spec,
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 3601, selectPolicy: "Best", policies: [], tolerance: "-1" },
          scaleDown: { policies: [{ type: "Pod", value: 0, periodSeconds: 1801 }] },
        },
      },
    },
    [
      "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 3601: must be less than or equal to 3600",
      'spec.behavior.scaleUp.selectPolicy: Unsupported value: "Best": supported values: "Disabled", "Max", "Min"',
      "spec.behavior.scaleUp.policies: Required value: must specify at least one Policy",
      'spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0',
      'spec.behavior.scaleDown.policies[0].type: Unsupported value: "Pod": supported values: "Percent", "Pods"',
      "spec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero",
      "spec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800",
    ],
  ],
];

for (const [name, draft, want] of checks) {
  test(`validation: ${name}`, () => assert.deepEqual(problemsOf(v2Kind, { metadata, ...draft }), want));
}

test("validation: a reference that was stored stays valid, and a write to the status is checked alone", () => {
  const stored = inV2({ spec: { ...spec, scaleTargetRef: { kind: "Deployment", name: "web" } } });
  assert.deepEqual(problemsOf(v2Kind, { ...stored, spec: { ...stored.spec, maxReplicas: 9 } }, stored), []);
  const status = { currentReplicas: -1, desiredReplicas: -2 };
  assert.deepEqual(problemsOf(v2Kind, { ...stored, status }, stored), [
    "status.currentReplicas: Invalid value: -1: must be greater than or equal to 0",
    "status.desiredReplicas: Invalid value: -2: must be greater than or equal to 0",
  ]);
});

test("the first two metrics are printed", () => {
  const hpa = inV2({
    spec: {
      ...spec,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
        { type: "External", external: { metric: { name: "q" }, target: { type: "AverageValue", averageValue: "30" } } },
        { type: "Pods", pods: { metric: { name: "r" }, target: { type: "AverageValue", averageValue: "5" } } },
      ],
    },
    status: {
      currentReplicas: 3,
      desiredReplicas: 3,
      currentMetrics: [
        { type: "Resource", resource: { name: "cpu", current: { averageValue: "1", averageUtilization: 20 } } },
      ],
    },
  });
  const want = ["web", "Deployment/web", "cpu: 20%/50%, <unknown>/30 (avg) + 1 more...", "1", 5, 3];
  assert.deepEqual(v2Kind.columns.map(({ cell }) => cell(hpa, 0)).slice(0, 6), want);
});
