import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Draft } from "@fairlead/api/schema";
import { node as plainNode } from "../service-pods/objects.testing.ts";
import { silentConditions } from "./health.ts";
import { type EvictionStep, plannedTaints } from "./taints.ts";
import { zoneState } from "./zones.ts";

const now = "2026-01-01T01:00:00Z";
type Ready = "True" | "False" | "Unknown";

const taintCases: {
  name: string;
  ready?: Ready;
  step?: EvictionStep;
  taints?: string[];
  cordoned?: boolean;
  pressure?: boolean;
  want: string[] | undefined;
}[] = [
  { name: "a ready node has none", ready: "True", want: undefined },
  {
    name: "a node that has become ready loses both",
    ready: "True",
    taints: ["not-ready:NoSchedule", "unreachable:NoExecute"],
    want: [],
  },
  { name: "a node that is not ready", ready: "False", want: ["not-ready:NoSchedule", "not-ready:NoExecute"] },
  { name: "a silent node", ready: "Unknown", want: ["unreachable:NoSchedule", "unreachable:NoExecute"] },
  { name: "no eviction for now", ready: "Unknown", step: "leave", want: ["unreachable:NoSchedule"] },
  {
    name: "no eviction for now does not undo one",
    ready: "Unknown",
    step: "leave",
    taints: ["unreachable:NoSchedule", "not-ready:NoExecute"],
    want: ["unreachable:NoSchedule", "unreachable:NoExecute"],
  },
  {
    name: "in a blackout evictions are undone",
    ready: "Unknown",
    step: "clear",
    taints: ["unreachable:NoSchedule", "unreachable:NoExecute"],
    want: ["unreachable:NoSchedule"],
  },
  { name: "a new node keeps what admission gave it", taints: ["not-ready:NoSchedule"], want: undefined },
  {
    name: "cordoned and short of memory",
    ready: "True",
    cordoned: true,
    pressure: true,
    want: ["memory-pressure:NoSchedule", "unschedulable:NoSchedule"],
  },
  {
    name: "another client's taint stays",
    ready: "True",
    taints: ["gpu:NoSchedule", "not-ready:NoSchedule"],
    want: ["gpu:NoSchedule"],
  },
];

for (const { name, ready, step = "evict", taints = [], cordoned, pressure, want } of taintCases) {
  test(`plannedTaints: ${name}`, () => {
    const before = node("n1", { ready, taints, ...(cordoned && { cordoned }), ...(pressure && { pressure }) });
    const planned = plannedTaints(before, step, now);
    assert.deepEqual(
      planned?.map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`),
      want,
    );
    if (planned === undefined) return;
    assert.equal(plannedTaints({ ...before, spec: { ...before.spec, taints: planned } }, step, now), undefined);
  });
}

test("silentConditions: what the kubelet said is unknown now, and what it never said as well", () => {
  const before = node("n1", { ready: "True" });
  const conditions = silentConditions(before, now) ?? [];
  assert.deepEqual(
    conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`),
    [
      "Ready Unknown NodeStatusUnknown",
      "MemoryPressure Unknown NodeStatusNeverUpdated",
      "DiskPressure Unknown NodeStatusNeverUpdated",
      "PIDPressure Unknown NodeStatusNeverUpdated",
    ],
  );
  const after = { ...before, status: { ...before.status, conditions } };
  assert.equal(silentConditions(after, "2026-01-01T02:00:00Z"), undefined, "said once is enough");
});

const zoneCases: { name: string; ready: string; want: string }[] = [
  { name: "one of three away", ready: "++-", want: "0.1" },
  { name: "all away", ready: "---", want: "blackout" },
  { name: "two of three away: too few to blame the zone", ready: "+--", want: "0.1" },
  { name: "most of a small zone away", ready: "++----", want: "0" },
  { name: "most of a large zone away", ready: "+".repeat(20) + "-".repeat(40), want: "0.01" },
  { name: "nodes that never spoke do not count", ready: "?+", want: "0.1" },
];
for (const { name, ready, want } of zoneCases) {
  test(`zoneState: ${name}`, () => {
    const status = { "+": "True", "-": "Unknown" } as const;
    const nodes = [...ready].map((c, i) => node(`n${i}`, { ready: c === "?" ? undefined : status[c as "+" | "-"] }));
    const { isBlackout, nodesPerSecond } = zoneState(nodes, ":");
    assert.equal(isBlackout ? "blackout" : String(nodesPerSecond), want);
  });
}

interface Traits {
  readonly ready: Ready | undefined;
  readonly taints?: readonly string[];
  readonly cordoned?: boolean;
  readonly pressure?: boolean;
}

function node(name: string, { ready, taints = [], cordoned, pressure }: Traits): Node {
  const draft: Draft<Node> = {
    ...plainNode(name),
    spec: {
      ...(cordoned && { unschedulable: true }),
      taints: taints.map((text) => {
        const [key = "", effect] = text.split(":") as [string, "NoSchedule" | "NoExecute"];
        return { key: key === "gpu" ? key : `node.kubernetes.io/${key}`, effect };
      }),
    },
    status: {
      conditions: [
        ...(ready === undefined ? [] : [{ type: "Ready", status: ready }]),
        ...(pressure ? [{ type: "MemoryPressure", status: "True" as const }] : []),
      ],
    },
  };
  return draft as Node; // What is read is there.
}
