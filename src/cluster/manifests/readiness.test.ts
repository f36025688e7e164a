import assert from "node:assert/strict";
import { test } from "node:test";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { awaitedOf } from "./readiness.ts";

const conditions = (status: string) => ({ conditions: [{ type: "Ready", status }] });
const done = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };

const cases: { name: string; kind: ResourceReference; spec?: object; status: object; want: string | undefined }[] = [
  { name: "a pod that says nothing", kind: podKind, status: {}, want: "web not Ready" },
  { name: "a pod that is not Ready", kind: podKind, status: conditions("False"), want: "web not Ready" },
  { name: "a pod that is", kind: podKind, status: conditions("True"), want: undefined },
  {
    name: "a pod that has done what it was for",
    kind: podKind,
    status: { phase: "Succeeded", ...conditions("False") },
    want: undefined,
  },
  {
    name: "a pod that has failed",
    kind: podKind,
    status: { phase: "Failed", ...conditions("False") },
    want: "web has failed",
  },
  {
    name: "a Deployment without a status",
    kind: deploymentKind,
    status: {},
    want: "deployment/web has 0 of 3 pods available",
  },
  {
    name: "a Deployment whose figures are those of the last version",
    kind: deploymentKind,
    status: { ...done, observedGeneration: 1 },
    want: "deployment/web has 0 of 3 pods available",
  },
  {
    name: "a Deployment on its way",
    kind: deploymentKind,
    status: { ...done, replicas: 4, updatedReplicas: 2 },
    want: "deployment/web has 2 of 3 pods available",
  },
  {
    name: "a Deployment whose old pods are still there",
    kind: deploymentKind,
    status: { ...done, replicas: 4 },
    want: "deployment/web still has pods of before: 1",
  },
  { name: "a Deployment that is rolled out", kind: deploymentKind, status: done, want: undefined },
  { name: "a Deployment that is paused", kind: deploymentKind, spec: { paused: true }, status: {}, want: undefined },
  {
    name: "a ReplicaSet that misses a pod",
    kind: replicaSetKind,
    status: { observedGeneration: 2, availableReplicas: 2 },
    want: "replicaset/web has 2 of 3 pods available",
  },
  { name: "a ReplicaSet that has all", kind: replicaSetKind, status: done, want: undefined },
];

for (const { name, kind, spec = {}, status, want } of cases) {
  test(`what is missing of ${name}`, () => {
    // What is asked about is all there.
    const object = { metadata: { name: "web", generation: 2 }, spec: { replicas: 3, ...spec }, status };
    assert.equal(awaitedOf(kind)?.missing(object as unknown as KubeObject), want);
  });
}

test("a Service is there as soon as it is written", () => assert.equal(awaitedOf(serviceKind), undefined));
