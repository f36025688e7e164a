import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../complete.testing.ts";
import type { Draft } from "../../../schema.ts";
import type { Pod } from "./pod.ts";
import { podKind } from "./pod.ts";
import { countResized, podRequests } from "./pod-requests.ts";

function container(name: string, cpu: string, more: object = {}) {
  return { name, image: "i", resources: { requests: { cpu } }, ...more };
}

const sidecar = { restartPolicy: "Always" };

const cases: { name: string; spec: object; status?: object; want: number; resized?: number }[] = [
  { name: "containers together", spec: { containers: [container("a", "1"), container("b", "500m")] }, want: 1_500 },
  {
    name: "an init container that wants more than all",
    spec: { initContainers: [container("i", "4")], containers: [container("a", "1")] },
    want: 4_000,
  },
  {
    name: "sidecars beside the containers, and beside the init containers after them",
    spec: {
      initContainers: [container("i", "2"), container("s", "1", sidecar), container("j", "3")],
      containers: [container("a", "1")],
    },
    want: 4_000,
  },
  {
    name: "of the pod as a whole, with its overhead",
    spec: { containers: [container("a", "1")], resources: { requests: { cpu: "3" } }, overhead: { cpu: "250m" } },
    want: 3_250,
  },
  {
    name: "more is wanted than set aside",
    spec: { containers: [container("a", "3")] },
    status: {
      containerStatuses: [{ name: "a", allocatedResources: { cpu: "1" }, resources: { requests: { cpu: "1" } } }],
    },
    want: 3_000,
    resized: 3_000,
  },
  {
    name: "less is wanted than in use",
    spec: { containers: [container("a", "1"), container("b", "1")] },
    status: {
      containerStatuses: [{ name: "a", allocatedResources: { cpu: "1" }, resources: { requests: { cpu: "2" } } }],
    },
    want: 2_000,
    resized: 3_000,
  },
  {
    name: "less is wanted than set aside, by a sidecar",
    spec: { initContainers: [container("s", "1", sidecar)], containers: [container("a", "1")] },
    status: { initContainerStatuses: [{ name: "s", allocatedResources: { cpu: "4" }, resources: {} }] },
    want: 2_000,
    resized: 5_000,
  },
  {
    name: "more is wanted than the node can ever give",
    spec: { containers: [container("a", "300")] },
    status: {
      conditions: [{ type: "PodResizePending", status: "True", reason: "Infeasible" }],
      containerStatuses: [{ name: "a", allocatedResources: { cpu: "1" }, resources: { requests: { cpu: "1" } } }],
    },
    want: 300_000,
    resized: 1_000,
  },
  {
    name: "a node that does not report resources",
    spec: { containers: [container("a", "3")] },
    status: { containerStatuses: [{ name: "a" }] },
    want: 3_000,
    resized: 3_000,
  },
];

for (const { name, spec, status = {}, want, resized = want } of cases) {
  test(`requests of a pod: ${name}`, () => {
    const pod = complete(podKind, { metadata: { name: "p" }, spec, status } as Draft<Pod>);
    assert.equal(podRequests(pod).get("cpu"), want);
    assert.equal(podRequests(pod, countResized(pod)).get("cpu"), resized);
  });
}
