import assert from "node:assert/strict";
import { test } from "node:test";
import { pod } from "../service-pods/objects.testing.ts";
import { type PodGcInputs, planPodGc } from "./plan.ts";

const cases: { name: string; inputs: Partial<PodGcInputs>; want: string[]; suspects?: string[] }[] = [
  { name: "a running pod stays", inputs: { pods: [pod()] }, want: [] },
  {
    name: "a node that was missing the first time is only suspected",
    inputs: { pods: [pod({ node: "gone" })] },
    want: [],
    suspects: ["gone"],
  },
  {
    name: "a node that was missing twice takes its pods along",
    inputs: { pods: [pod({ node: "gone" })], missingNodes: new Set(["gone"]) },
    want: ["p1 PodGC: node no longer exists"],
    suspects: ["gone"],
  },
  {
    name: "a pod that was deleted before it had a node",
    inputs: { pods: [pod({ node: "", terminating: true })] },
    want: ["p1"],
  },
  { name: "a pod that waits for a node stays", inputs: { pods: [pod({ node: "" })] }, want: [] },
  {
    name: "deleted, on a node that is out of service",
    inputs: { pods: [pod({ terminating: true })], isOutOfService: () => true },
    want: ["p1 PodGC: node is out of service"],
  },
  {
    name: "deleted, on a node that works: that is the kubelet's",
    inputs: { pods: [pod({ terminating: true })] },
    want: [],
  },
  {
    name: "of the ended pods the last ones are kept",
    inputs: { pods: ["c", "a", "b"].map((name) => pod({ name, phase: "Succeeded" })), terminatedPodsMax: 1 },
    want: ["a", "b"],
  },
];

for (const { name, inputs, want, suspects = [] } of cases) {
  test(`planPodGc: ${name}`, () => {
    const plan = planPodGc({
      pods: [],
      hasNode: (node) => node === "n1",
      missingNodes: new Set(),
      isOutOfService: () => false,
      terminatedPodsMax: 100,
      ...inputs,
    });
    const shown = plan.doomed.map(({ pod: p, disruption }) =>
      [p.metadata.name, disruption?.message].filter(Boolean).join(" "),
    );
    assert.deepEqual(shown, want);
    assert.deepEqual([...plan.suspectNodes], suspects);
  });
}
