import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import type { FlowTable } from "./watch-flow-table.ts";
import { isDropping, parseDropped, watchFlowTable } from "./watch-flow-table.ts";

const table = (flows: number, dropped: number): FlowTable => ({ flows, most: 1_000, dropped });

const rows: { name: string; before: FlowTable; now: FlowTable; want: boolean }[] = [
  { name: "a table with room", before: table(10, 0), now: table(20, 0), want: false },
  { name: "a full table without new refusals", before: table(1_000, 7), now: table(1_000, 7), want: false },
  { name: "a full table that drops packets", before: table(1_000, 7), now: table(1_000, 8), want: true },
  { name: "one that has filled up since", before: table(10, 0), now: table(990, 3), want: true },
  { name: "one that has emptied since", before: table(1_000, 0), now: table(10, 3), want: true },
  { name: "packets dropped for other reasons", before: table(10, 0), now: table(20, 3), want: false },
];

for (const { name, before, now, want } of rows) {
  test(`${name}: ${want ? "told" : "not told"}`, () => assert.equal(isDropping(before, now), want));
}

test("drops of all processors are added, whatever other columns the kernel has", () => {
  const statistics =
    "entries  clashres drop early_drop\n000000ff  00000000 0000000a 00000001\n000000ff  00000000 00000010 00000000\n";
  assert.equal(parseDropped(statistics), 26);
});

test("the Node gets an event for each interval in which packets were dropped", async (t) => {
  const clock = createFakeClock();
  const told: string[] = [];
  let now: FlowTable | undefined = table(1_000, 5);
  const watch = watchFlowTable({
    nodeName: "n1",
    clock,
    log: silentLogger,
    read: async () => now,
    events: {
      record: (object, { type, reason, message }) => told.push(`${object.kind} ${type} ${reason}: ${message}`),
    },
  });
  t.after(() => watch.stop());
  await clock.advance(20_000);
  assert.deepEqual(told, [], "drops before the start are not reported");
  now = table(1_000, 6);
  await clock.advance(10_000);
  now = undefined;
  await clock.advance(10_000);
  now = table(1_000, 9);
  await clock.advance(20_000);
  const event =
    "Node Warning ConntrackFull: Connection tracking table full: the kernel drops packets of new connections. It keeps at most 1000 flows (nf_conntrack_max)";
  assert.deepEqual(told, [event, event]);
});
