import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import { testPod } from "../testing/pods.testing.ts";
import { memorySize } from "./empty-dir.ts";

const MIB = 1024 ** 2;
const limited = (name: string, memory: string) => ({ name, resources: { limits: { memory } } });
const sidecar = (name: string, memory: string) => ({ ...limited(name, memory), restartPolicy: "Always" });

const sizes: { what: string; spec: Draft<Pod["spec"]>; sizeLimit?: string; node?: string; want: number | undefined }[] =
  [
    { what: "nothing is known", spec: {}, want: undefined },
    { what: "only the node has a limit", spec: {}, node: "100Mi", want: 100 },
    { what: "the volume has a limit", spec: {}, sizeLimit: "10Mi", node: "100Mi", want: 10 },
    { what: "the volume's limit is none", spec: {}, sizeLimit: "0", node: "100Mi", want: 100 },
    { what: "the volume's limit is beyond the node's", spec: {}, sizeLimit: "1Gi", node: "100Mi", want: 100 },
    {
      what: "all containers have limits",
      spec: { containers: [limited("a", "10Mi"), limited("b", "20Mi")] },
      sizeLimit: "50Mi",
      node: "100Mi",
      want: 30,
    },
    {
      what: "one container has none",
      spec: { containers: [limited("a", "10Mi"), { name: "b" }] },
      node: "100Mi",
      want: 100,
    },
    {
      what: "an init container has none",
      spec: { initContainers: [{ name: "i" }], containers: [limited("a", "10Mi")] },
      node: "100Mi",
      want: 100,
    },
    {
      what: "an init container may use more, with the sidecar before it",
      spec: { initContainers: [sidecar("s", "5Mi"), limited("i", "40Mi")], containers: [limited("a", "10Mi")] },
      want: 45,
    },
    {
      what: "sidecars run on",
      spec: { initContainers: [limited("i", "12Mi"), sidecar("s", "5Mi")], containers: [limited("a", "10Mi")] },
      want: 15,
    },
    {
      what: "the pod as a whole has a limit, and overhead",
      spec: { resources: { limits: { memory: "50Mi" } }, overhead: { memory: "1Mi" }, containers: [{ name: "a" }] },
      want: 51,
    },
  ];

for (const { what, spec, sizeLimit, node, want } of sizes) {
  test(`the size of a volume in memory: ${what}`, () => {
    const allocatable = node === undefined ? {} : { memory: node };
    const size = memorySize(testPod(spec), { medium: "Memory", sizeLimit }, allocatable);
    assert.equal(size, want === undefined ? undefined : want * MIB);
  });
}
