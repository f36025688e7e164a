import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { readAnnotationRules } from "./annotation-rules.ts";
import { type AnnotationRule, chooseByAnnotations, DEFAULT_RULES } from "./provider-annotations.ts";

const BETA = "service.beta.kubernetes.io";
const rows: readonly (readonly [annotations: Readonly<Record<string, string>>, pool: string | undefined])[] = [
  [{}, undefined],
  [{ [`${BETA}/aws-load-balancer-internal`]: "true" }, "internal"],
  [{ [`${BETA}/aws-load-balancer-internal`]: "0.0.0.0/0" }, "internal"],
  [{ [`${BETA}/aws-load-balancer-internal`]: "false" }, "external"],
  [{ [`${BETA}/aws-load-balancer-internal`]: "" }, undefined],
  [{ [`${BETA}/aws-load-balancer-scheme`]: "internal" }, "internal"],
  [{ [`${BETA}/aws-load-balancer-scheme`]: "internet-facing" }, "external"],
  [
    { [`${BETA}/aws-load-balancer-scheme`]: "internet-facing", [`${BETA}/aws-load-balancer-internal`]: "true" },
    "external",
  ],
  [{ "networking.gke.io/load-balancer-type": "Internal" }, "internal"],
  [{ "cloud.google.com/load-balancer-type": "Internal" }, "internal"],
  [{ [`${BETA}/azure-load-balancer-internal`]: "true" }, "internal"],
  [{ "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid": "subnet-1" }, "internal"],
  [{ [`${BETA}/oci-load-balancer-internal`]: "false" }, "external"],
];

for (const [annotations, pool] of rows) {
  test(`${JSON.stringify(annotations)} chooses ${pool ?? "no pool"}`, () => {
    assert.equal(chooseByAnnotations(annotations, DEFAULT_RULES, new Set(["internal", "external"])).pool, pool);
  });
}

test("annotations without effect are named, others are left alone", () => {
  const note = (annotations: Readonly<Record<string, string>>, ...pools: readonly string[]) =>
    chooseByAnnotations(annotations, DEFAULT_RULES, new Set(pools)).note?.message;
  assert.equal(note({ [`${BETA}/aws-load-balancer-scheme`]: "internet-facing" }), undefined);
  assert.match(note({ [`${BETA}/aws-load-balancer-scheme`]: "internal" }) ?? "", /asks for the pool "internal"/);
  assert.equal(note({ [`${BETA}/aws-load-balancer-scheme`]: "internal" }, "internal"), undefined);
  assert.match(note({ "cloud.google.com/neg": "{}" }) ?? "", /^no effect here: cloud\.google\.com\/neg$/);
  assert.equal(note({ "service.kubernetes.io/topology-mode": "Auto", "example.com/a": "b" }), undefined);
});

test("the table of a ConfigMap takes the place of the whole", () => {
  const read = (rules: string) =>
    readAnnotationRules(complete(configMapKind, { metadata: { name: "annotation-pools" }, data: { rules } }));
  const wanted: readonly AnnotationRule[] = [
    { annotation: "example.com/zone", value: "dmz", pool: "dmz", isOptional: true },
    { annotation: "example.com/any", pool: "b" },
  ];
  assert.deepEqual(
    read(
      '[{annotation: example.com/zone, value: dmz, pool: dmz, optional: true}, {"annotation": "example.com/any", "pool": "b"}]',
    ),
    { rules: wanted },
  );
  for (const wrong of [
    "a: b",
    "[1]",
    "[{annotation: a}]",
    "[{annotation: a, pool: b, value: true}]",
    "[{annotation: a, pool: b, to: c}]",
    "[",
  ]) {
    const { rules, problem } = read(wrong);
    assert.equal(rules, DEFAULT_RULES);
    assert.ok(problem !== undefined, wrong);
  }
  assert.equal(readAnnotationRules(undefined).problem, undefined);
});
