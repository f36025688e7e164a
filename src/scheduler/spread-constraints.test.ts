import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadConstraints } from "./spread-constraints.ts";
import { pod } from "./state/cluster.testing.ts";

test("a pod's constraints are worked out once for each kind: waiting pods are asked at every event", () => {
  const constraint = { maxSkew: 1, topologyKey: "zone", labelSelector: { matchLabels: { app: "web" } } };
  const waiting = pod({
    topologySpreadConstraints: [
      { ...constraint, whenUnsatisfiable: "DoNotSchedule" },
      { ...constraint, topologyKey: "host", whenUnsatisfiable: "ScheduleAnyway" },
    ],
  });
  for (const [kind, topologyKey] of [
    ["DoNotSchedule", "zone"],
    ["ScheduleAnyway", "host"],
  ] as const) {
    const constraints = spreadConstraints(waiting, kind);
    assert.deepEqual(
      constraints.map((one) => one.topologyKey),
      [topologyKey],
    );
    assert.equal(spreadConstraints(waiting, kind), constraints);
  }
});
