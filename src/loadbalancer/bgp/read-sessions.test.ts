import assert from "node:assert/strict";
import { test } from "node:test";
import { readSessions } from "./read-sessions.ts";

test("sessions are read with their states and reasons", () => {
  const text = `Name       Proto      Table      State  Since         Info
device1    Device     ---        up     13:59:15.079
static_ipv4 Static     master4    up     2026-12-01
p_1        BGP        ---        up     13:59:16.881  Established
p_2        BGP        ---        start  2026-11-30    Active        Socket: Connection refused
p_3        BGP        ---        start  13:59:31.650  Idle          Error: Neighbor lost
p_4        BGP        ---        down   13:59:31
`;
  assert.deepEqual(Object.fromEntries(readSessions(text)), {
    p_1: { state: "Established", reason: "" },
    p_2: { state: "Active", reason: "Socket: Connection refused" },
    p_3: { state: "Idle", reason: "Error: Neighbor lost" },
    p_4: { state: "", reason: "" },
  });
});
