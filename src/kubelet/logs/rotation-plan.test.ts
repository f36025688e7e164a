import assert from "node:assert/strict";
import { test } from "node:test";
import { rotatedName, surplus } from "./rotation-plan.ts";

test("a log file is moved aside under the time", () => {
  assert.equal(rotatedName("/logs/app/0.log", Date.UTC(2026, 0, 2, 3, 4, 5)), "/logs/app/0.log.20260102-030405");
});

test("the oldest go, of this file alone", () => {
  const names = [
    "0.log",
    "0.log.20260103-000000",
    "0.log.20260101-000000",
    "1.log.20250101-000000",
    "0.log.20260102-000000",
  ];
  assert.deepEqual(surplus(names, "0.log", 2), ["0.log.20260101-000000"]);
  assert.deepEqual(surplus(names, "0.log", 4), []);
});
