import assert from "node:assert/strict";
import { test } from "node:test";
import { replicaSet } from "../replicaset/objects.testing.ts";
import { podFromTemplate } from "./pod-from-template.ts";

const owner = replicaSet(1);
const { template } = owner.spec;

test("a pod has what its template says, and its owner", () => {
  const annotated = { ...template, metadata: { ...template.metadata, annotations: { a: "1" }, finalizers: ["x/y"] } };
  assert.deepEqual(podFromTemplate(owner, annotated), {
    metadata: {
      generateName: "web-",
      namespace: "default",
      labels: { app: "web" },
      annotations: { a: "1" },
      finalizers: ["x/y"],
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "web",
          uid: "uid-rs",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: template.spec,
  });
});
