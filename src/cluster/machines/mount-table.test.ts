import assert from "node:assert/strict";
import { test } from "node:test";
import { mountTable } from "./mount-table.ts";

test("a table has a line for each mount, with words that stay together", () => {
  const table = mountTable([
    { source: "proc", at: "/root/proc", type: "proc", options: "defaults" },
    { source: "/home/my files#1", at: "/back\\slash\ttab", type: "none", options: "bind,ro" },
  ]);
  assert.equal(
    table,
    "proc /root/proc proc defaults 0 0\n/home/my\\040files\\0431 /back\\134slash\\011tab none bind,ro 0 0\n",
  );
});
