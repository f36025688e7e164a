import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeCondition } from "@fairlead/api/core/v1/node/node";
import { nodeEvents } from "./node-events.ts";

const conditions = (said: Readonly<Record<string, string>>) =>
  Object.entries(said).map(([type, status]) => ({ type, status: status as NodeCondition["status"] }));

const healthy = { MemoryPressure: "False", DiskPressure: "False", PIDPressure: "False", Ready: "True" };

const rows = [
  {
    name: "a new node records its conditions",
    before: {},
    after: healthy,
    want: ["NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "NodeReady"],
  },
  {
    name: "a new node that is not ready yet causes no event",
    before: {},
    after: { Ready: "False" },
    want: [],
  },
  { name: "a node that does not change records no event", before: healthy, after: healthy, want: [] },
  {
    name: "only conditions whose status changed are recorded",
    before: healthy,
    after: { ...healthy, MemoryPressure: "True", Ready: "False" },
    want: ["NodeHasInsufficientMemory", "NodeNotReady"],
  },
  {
    name: "a node that others took for lost is back",
    before: { ...healthy, Ready: "Unknown" },
    after: healthy,
    want: ["NodeReady"],
  },
  { name: "conditions of other writers are not recorded", before: {}, after: { NetworkUp: "True" }, want: [] },
];

for (const { name, before, after, want } of rows) {
  test(name, () => {
    const events = nodeEvents("n1", conditions(before), conditions(after));
    assert.deepEqual(
      events.map(({ reason }) => reason),
      want,
    );
    for (const { reason, message } of events) assert.equal(message, `Node n1 status is now: ${reason}`);
  });
}
