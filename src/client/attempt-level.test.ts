import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusError } from "@fairlead/api/status-error";
import { attemptLevel } from "./attempt-level.ts";
import { ConnectionError } from "./transport/connection-error.ts";

const unreachable = new ConnectionError("Cannot reach the API server");
const forbidden = new StatusError("Forbidden", "no");
const invalid = new StatusError("Invalid", "no");

const rows = [
  { name: "a server that is not there yet", error: unreachable, sinceMs: 300, everSucceeded: false, want: "debug" },
  { name: "one that does not come", error: unreachable, sinceMs: 10_000, everSucceeded: false, want: "warn" },
  { name: "one that has gone away", error: unreachable, sinceMs: 300, everSucceeded: true, want: "warn" },
  { name: "one that does not know the roles yet", error: forbidden, sinceMs: 300, everSucceeded: false, want: "debug" },
  { name: "a right that was taken away", error: forbidden, sinceMs: 300, everSucceeded: true, want: "warn" },
  { name: "any other refusal, however early", error: invalid, sinceMs: 0, everSucceeded: false, want: "warn" },
];

for (const { name, error, want, ...attempts } of rows) {
  test(`${name} is logged at level ${want}`, () => assert.equal(attemptLevel(error, attempts), want));
}
