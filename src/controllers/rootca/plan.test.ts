import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { planRootCA } from "./plan.ts";

const planned = planRootCA("default", { rootCA: "PEM", current: undefined }) as ConfigMap;

test("planRootCA: made where it is missing", () => {
  assert.equal(planned.metadata.name, "kube-root-ca.crt");
  assert.deepEqual(planned.data, { "ca.crt": "PEM" });
});

test("planRootCA: left alone when it is right", () => {
  assert.equal(planRootCA("default", { rootCA: "PEM", current: planned }), undefined);
});

test("planRootCA: repaired after a change, with other annotations kept", () => {
  const metadata = { ...planned.metadata, annotations: { mine: "x" } };
  const current = { ...planned, metadata, data: { "ca.crt": "other", more: "y" } };
  const again = planRootCA("default", { rootCA: "PEM", current });
  assert.deepEqual(again?.data, { "ca.crt": "PEM" });
  assert.equal(again?.metadata?.annotations?.mine, "x");
});
