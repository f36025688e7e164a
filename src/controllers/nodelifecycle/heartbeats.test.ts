import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lease } from "@fairlead/api/coordination/v1/lease/lease";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { heartbeats } from "./heartbeats.ts";

const HOUR_MS = 3_600_000;

/** A node whose kubelet wrote its status once. */
const node = {
  metadata: { name: "n1", uid: "u1", creationTimestamp: "1970-01-01T00:00:01Z" },
  spec: {},
  status: { conditions: [{ type: "Ready", status: "True", lastHeartbeatTime: "1970-01-01T00:00:01Z" }] },
} as unknown as Node;

const lease = (renewTime: string) => ({ metadata: { name: "n1" }, spec: { renewTime } }) as unknown as Lease;

for (const [what, setBy] of [
  ["back", -HOUR_MS],
  ["ahead", HOUR_MS],
] as const) {
  test(`a clock set ${what} by an hour makes no node silent, and hides none that is`, async () => {
    const clock = createFakeClock();
    const heard = heartbeats(clock);
    assert.equal(heard.silentMs(node, lease("a")), 0);
    await clock.advance(10_000);
    clock.setNow(clock.now() + setBy);
    assert.equal(heard.silentMs(node, lease("a")), 10_000);
    await clock.advance(30_000);
    assert.equal(heard.silentMs(node, lease("a")), 40_000);
    heard.renewed(lease("b"));
    await clock.advance(5_000);
    assert.equal(heard.silentMs(node, lease("b")), 5_000);
  });
}

test("a node that never spoke is silent since its creation", () => {
  const clock = createFakeClock(21_000);
  const { conditions: _, ...status } = node.status;
  assert.equal(heartbeats(clock).silentMs({ ...node, status } as Node, undefined), 20_000);
});
