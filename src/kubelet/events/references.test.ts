import assert from "node:assert/strict";
import { test } from "node:test";
import { testPod } from "../testing/pods.testing.ts";
import { nodeReference, podReference } from "./references.ts";

const pod = testPod({
  initContainers: [{ name: "setup" }],
  containers: [{ name: "app" }],
  ephemeralContainers: [{ name: "debug" }],
});

const parts = [
  { name: "a container", container: "app", want: "spec.containers{app}" },
  { name: "an init container", container: "setup", want: "spec.initContainers{setup}" },
  { name: "an ephemeral container", container: "debug", want: "spec.ephemeralContainers{debug}" },
  { name: "the pod itself", container: undefined, want: undefined },
  { name: "a container that is not in the pod, as the pod itself", container: "gone", want: undefined },
];

for (const { name, container, want } of parts) {
  test(`an event can be about ${name}`, () => {
    assert.deepEqual(podReference(pod, container), {
      ...{ apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web", uid: "uid-1", resourceVersion: "1" },
      ...(want !== undefined && { fieldPath: want }),
    });
  });
}

test("an event about the node has its name for its uid", () => {
  assert.deepEqual(nodeReference("node-1"), { apiVersion: "v1", kind: "Node", name: "node-1", uid: "node-1" });
});
