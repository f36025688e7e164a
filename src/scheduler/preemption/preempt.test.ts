import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { schedule } from "../schedule.ts";
import { cluster, node, pod } from "../state/cluster.testing.ts";
import { factsOf } from "../state/pod-facts.ts";
import { planPreemption } from "./preempt.ts";

type Traits = NonNullable<Parameters<typeof pod>[0]>;
const on = (nodeName: string, name: string, cpu: string, traits: Traits = {}) =>
  pod({ name, nodeName, requests: { cpu }, ...traits });
const since = (p: Pod, startTime: string): Pod => ({ ...p, status: { ...p.status, startTime } });
const vip = (traits: Traits = {}) => pod({ name: "vip", priority: 100, requests: { cpu: "2" }, ...traits });

const cases: { name: string; pods: Pod[]; pod: Pod; nodes?: number; want: string }[] = [
  {
    name: "no less important pod",
    pods: [on("n1", "a", "3", { priority: 100 })],
    pod: vip(),
    want: "0/1 nodes are available: 1 No preemption victims found for incoming pod.",
  },
  {
    name: "the node is too small in any case",
    pods: [on("n1", "a", "3")],
    pod: vip({ requests: { cpu: "5" } }),
    want: "0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
  },
  {
    name: "the less important do not take enough",
    pods: [on("n1", "a", "1"), on("n1", "b", "3", { priority: 200 })],
    pod: vip(),
    want: "0/1 nodes are available: 1 Insufficient cpu.",
  },
  { name: "a less important pod leaves", pods: [on("n1", "a", "3")], pod: vip(), want: "n1: a" },
  {
    name: "only as many as needed, the least important of them",
    pods: [on("n1", "a", "2", { priority: 1 }), on("n1", "b", "2", { priority: 2 })],
    pod: vip(),
    want: "n1: a",
  },
  {
    name: "the node with the less important victim",
    nodes: 2,
    pods: [on("n1", "a", "3", { priority: 5 }), on("n2", "b", "3", { priority: 2 })],
    pod: vip(),
    want: "n2: b",
  },
  {
    name: "the node with fewer victims",
    nodes: 2,
    pods: [on("n1", "a", "2"), on("n1", "b", "2"), on("n2", "c", "4")],
    pod: vip({ requests: { cpu: "4" } }),
    want: "n2: c",
  },
  {
    name: "of the same importance the younger leave",
    nodes: 2,
    pods: [since(on("n1", "a", "3"), "2026-01-01T00:00:00Z"), since(on("n2", "b", "3"), "2026-01-02T00:00:00Z")],
    pod: vip(),
    want: "n2: b",
  },
  {
    name: "a pod that does not want to",
    pods: [on("n1", "a", "3")],
    pod: vip({ preemptionPolicy: "Never" }),
    want: "not eligible due to preemptionPolicy=Never.",
  },
  {
    name: "a pod for which a victim is leaving already",
    pods: [leaving(on("n1", "a", "3", { terminating: true }))],
    pod: { ...vip(), status: { nominatedNodeName: "n1" } } as Pod,
    want: "not eligible due to a terminating pod on the nominated node.",
  },
];

for (const { name, pods, pod: given, nodes = 1, want } of cases) {
  test(`planPreemption: ${name}`, () => {
    const state = cluster(
      Array.from({ length: nodes }, (_, i) => node(`n${i + 1}`)),
      pods,
    );
    const result = schedule(factsOf(given), state, { startAt: 0, random: () => 0 });
    assert.ok(result.node === undefined);
    const plan = planPreemption(factsOf(given), state, result.refusals);
    assert.equal(
      "message" in plan ? plan.message : `${plan.nodeName}: ${plan.victims.map((v) => v.metadata.name).join()}`,
      want,
    );
  });
}

function leaving(p: Pod): Pod {
  return {
    ...p,
    status: {
      ...p.status,
      conditions: [{ type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" }],
    },
  };
}
