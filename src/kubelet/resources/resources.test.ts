import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { qosClassOf } from "@fairlead/api/core/v1/pod/qos-class";
import type { Draft } from "@fairlead/api/schema";
import { linuxResources } from "../runtime/cri/linux-resources.ts";
import { testPod } from "../testing/pods.testing.ts";
import { oomScoreAdj } from "./oom-score.ts";

type Resources = NonNullable<Draft<Pod["spec"]["containers"][number]>["resources"]>;
const GIB = 1024 ** 3;
const full = { cpu: "1", memory: "1Gi" };

const cases: { name: string; resources: Resources; priority?: number; qos: string; score: number }[] = [
  { name: "asks for nothing", resources: {}, qos: "BestEffort", score: 1000 },
  { name: "zero is nothing", resources: { requests: { cpu: "0" } }, qos: "BestEffort", score: 1000 },
  {
    name: "limits all, requests as much",
    resources: { limits: full, requests: { cpu: "1000m", memory: "1024Mi" } },
    qos: "Guaranteed",
    score: -997,
  },
  { name: "limits all, requests by default as much", resources: { limits: full }, qos: "Guaranteed", score: -997 },
  {
    name: "requests less",
    resources: { limits: full, requests: { cpu: "500m", memory: "1Gi" } },
    qos: "Burstable",
    score: 900,
  },
  { name: "requests CPU alone", resources: { requests: { cpu: "1" } }, qos: "Burstable", score: 999 },
  { name: "requests nearly everything", resources: { requests: { memory: "10Gi" } }, qos: "Burstable", score: 3 },
  { name: "a critical pod", resources: {}, priority: 2_000_000_000, qos: "BestEffort", score: -997 },
];

for (const { name, resources, priority, qos, score } of cases) {
  test(`a container that ${name}`, () => {
    const pod = testPod({ containers: [{ name: "app", resources }], ...(priority !== undefined && { priority }) });
    const [container] = pod.spec.containers;
    assert.ok(container !== undefined);
    assert.equal(qosClassOf(pod.spec), qos);
    assert.equal(oomScoreAdj(pod, container, { memoryBytes: 10 * GIB, lowest: -1000 }), score);
    assert.equal(oomScoreAdj(pod, container, { memoryBytes: 10 * GIB, lowest: 950 }), Math.max(950, score), "clamped");
  });
}

test("CPU and memory as the kernel counts them", () => {
  const { oomScoreAdj: _, ...none } = linuxResources({}, 0);
  assert.deepEqual(none, { cpuShares: 2 });
  assert.deepEqual(linuxResources({ requests: { cpu: "250m" }, limits: { cpu: "500m", memory: "64Mi" } }, 5), {
    cpuShares: 256,
    cpuPeriod: 100_000,
    cpuQuota: 50_000,
    memoryLimitInBytes: 64 * 1024 ** 2,
    oomScoreAdj: 5,
  });
  assert.equal(linuxResources({ limits: { cpu: "1m" } }, 0).cpuQuota, 1_000, "the least the kernel takes");
});
