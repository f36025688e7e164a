import assert from "node:assert/strict";
import { test } from "node:test";
import type { Taint } from "@fairlead/api/core/v1/node/node";
import type { Toleration } from "@fairlead/api/core/v1/pod/affinity";
import type { Int64 } from "@fairlead/api/int64";
import { planEviction } from "./plan.ts";

const down: Taint = { key: "down", effect: "NoExecute" };
const slow: Taint = { key: "slow", value: "very", effect: "NoExecute" };
const exists = (key: string, tolerationSeconds?: Int64): Toleration => ({
  key,
  operator: "Exists",
  effect: "NoExecute",
  ...(tolerationSeconds !== undefined && { tolerationSeconds }),
});

const cases: { name: string; taints: Taint[]; tolerations: Toleration[]; want: number | "stay" }[] = [
  { name: "no taints", taints: [], tolerations: [], want: "stay" },
  {
    name: "a taint that only keeps others away",
    taints: [{ key: "x", effect: "NoSchedule" }],
    tolerations: [],
    want: "stay",
  },
  { name: "not tolerated", taints: [down], tolerations: [], want: 0 },
  { name: "tolerated without a limit of time", taints: [down], tolerations: [exists("down")], want: "stay" },
  { name: "tolerated for a while", taints: [down], tolerations: [exists("down", 300)], want: 300 },
  {
    name: "the shortest while counts",
    taints: [down, slow],
    tolerations: [exists("down", 300), exists("slow", 60)],
    want: 60,
  },
  {
    name: "a while that people write for ever is 292 years",
    taints: [down],
    tolerations: [exists("down", 2n ** 63n - 1n)],
    want: 9_223_372_036,
  },
  {
    name: "the shortest while counts, also beside the longest",
    taints: [down, slow],
    tolerations: [exists("down", 2n ** 63n - 1n), exists("slow", 60)],
    want: 60,
  },
  { name: "a very negative while is no time", taints: [down], tolerations: [exists("down", -(2n ** 63n))], want: 0 },
  { name: "one of two not tolerated", taints: [down, slow], tolerations: [exists("down", 300)], want: 0 },
  {
    name: "everything tolerated by an empty key",
    taints: [down, slow],
    tolerations: [{ operator: "Exists" }],
    want: "stay",
  },
  {
    name: "another value is not tolerated",
    taints: [slow],
    tolerations: [{ key: "slow", operator: "Equal", value: "a bit" }],
    want: 0,
  },
  { name: "less than no time is no time", taints: [down], tolerations: [exists("down", -5)], want: 0 },
];

for (const { name, taints, tolerations, want } of cases) {
  test(`planEviction: ${name}`, () => {
    const eviction = planEviction(taints, tolerations);
    assert.equal(eviction.do === "stay" ? "stay" : eviction.afterSeconds, want);
  });
}
