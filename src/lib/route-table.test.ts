import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutCounters } from "./route-table.ts";

const ipv6Route = (prefix: string, references: string, uses: string, flags: string) =>
  `${prefix} 40 ${"0".repeat(32)} 00 ${"0".repeat(32)} 00000100 ${references} ${uses} ${flags}     eth0\n`;

test("only the counters of IPv6 routes are left out", () => {
  const prefix = `fe80${"0".repeat(28)}`;
  const before = ipv6Route(prefix, "00000001", "00000000", "00000001");
  assert.equal(withoutCounters(before), `${prefix} 40 ${"0".repeat(32)} 00 ${"0".repeat(32)} 00000100 00000001 eth0\n`);
  assert.equal(withoutCounters(ipv6Route(prefix, "00000003", "0000002a", "00000001")), withoutCounters(before));
  assert.notEqual(withoutCounters(ipv6Route(prefix, "00000001", "00000000", "00200200")), withoutCounters(before));
});
