import assert from "node:assert/strict";
import { test } from "node:test";
import type { Binding } from "@fairlead/api/core/v1/binding/binding";
import { StatusError } from "@fairlead/api/status-error";
import { podOf } from "../../admission/admission-request.testing.ts";
import { bindingErrors, boundPod } from "./pod-binding-plan.ts";

const NOW = "2026-01-01T00:00:00Z";
const EARLIER = "2025-12-31T00:00:00Z";
const refused = 'Operation cannot be fulfilled on pods/binding "p": ';

const cases: { name: string; spec?: object; metadata?: object; binding?: object; want: string }[] = [
  { name: "a pod without a node gets it", want: "on n1" },
  {
    name: "its own node is no exception",
    spec: { nodeName: "n1" },
    want: `${refused}pod p is already assigned to node "n1"`,
  },
  {
    name: "a pod that is ending",
    metadata: { deletionTimestamp: NOW },
    want: `${refused}pod p is being deleted, cannot be assigned to a host`,
  },
  {
    name: "a pod that waits for a gate",
    spec: { schedulingGates: [{ name: "g" }] },
    want: `${refused}pod p has non-empty .spec.schedulingGates`,
  },
  { name: "the pod that was meant", metadata: { uid: "u1" }, binding: { uid: "u1" }, want: "on n1" },
  {
    name: "another pod of the same name",
    metadata: { uid: "u2" },
    binding: { uid: "u1" },
    want: `${refused}Precondition failed: UID in precondition: u1, UID in object meta: u2`,
  },
  {
    name: "a newer pod than was meant",
    metadata: { resourceVersion: "8" },
    binding: { resourceVersion: "7" },
    want: `${refused}Precondition failed: ResourceVersion in precondition: 7, ResourceVersion in object meta: 8`,
  },
];

for (const { name, spec = {}, metadata = {}, binding = {}, want } of cases) {
  test(`boundPod: ${name}`, () => {
    try {
      assert.equal(`on ${boundPod(podOf(spec, metadata), bindingTo("n1", binding), NOW).spec.nodeName}`, want);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      assert.deepEqual([error.reason, error.message], ["Conflict", want]);
    }
  });
}

const conditions: { name: string; before: object[]; want: object[] }[] = [
  {
    name: "is added",
    before: [],
    want: [{ type: "PodScheduled", status: "True", observedGeneration: 1, lastTransitionTime: NOW }],
  },
  {
    name: "turns true, and the others stay",
    before: [
      { type: "Ready", status: "False" },
      { type: "PodScheduled", status: "False", reason: "Unschedulable", lastTransitionTime: EARLIER },
    ],
    want: [
      { type: "Ready", status: "False" },
      { type: "PodScheduled", status: "True", observedGeneration: 1, lastTransitionTime: NOW },
    ],
  },
  {
    name: "keeps its time when it was true",
    before: [{ type: "PodScheduled", status: "True", lastTransitionTime: EARLIER }],
    want: [{ type: "PodScheduled", status: "True", observedGeneration: 1, lastTransitionTime: EARLIER }],
  },
];

for (const { name, before, want } of conditions) {
  test(`boundPod: the condition PodScheduled ${name}`, () => {
    const pod = podOf({}, { generation: 1 });
    // Only the conditions matter.
    const status = { conditions: before } as unknown as typeof pod.status;
    assert.deepEqual(boundPod({ ...pod, status }, bindingTo("n1"), NOW).status.conditions, want);
  });
}

test("boundPod: the Binding's annotations go to the pod", () => {
  const bound = boundPod(podOf({}, { annotations: { a: "b" } }), bindingTo("n1", { annotations: { c: "d" } }), NOW);
  assert.deepEqual(bound.metadata.annotations, { a: "b", c: "d" });
});

test("bindingErrors: a Binding names a Node", () => {
  const shown = (target: object) =>
    bindingErrors({ ...bindingTo("n1"), target: target as Binding["target"] }).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  assert.deepEqual(shown({ name: "n1" }), []);
  assert.deepEqual(shown({ kind: "Node" }), ["target.name: Required value"]);
  assert.deepEqual(shown({ kind: "Pod", name: "n1" }), [
    'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"',
  ]);
});

function bindingTo(name: string, metadata: object = {}): Binding {
  return {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "p", uid: "", resourceVersion: "", creationTimestamp: "", ...metadata },
    target: { kind: "Node", name },
  };
}
