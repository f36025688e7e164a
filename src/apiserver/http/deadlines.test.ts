import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { createDeadlines } from "./deadlines.ts";

const rows: readonly {
  readonly name: string;
  readonly limitMs?: number;
  readonly workMs: number;
  readonly want: string;
}[] = [
  { name: "work within the default limit", workMs: 9_000, want: "done" },
  { name: "work beyond the default limit", workMs: 12_000, want: "Timeout, signalled" },
  { name: "work beyond a limit of its own", limitMs: 3_000, workMs: 9_000, want: "Timeout, signalled" },
];

for (const { name, limitMs, workMs, want } of rows) {
  test(name, async () => {
    const clock = createFakeClock();
    const deadlines = createDeadlines(clock, 10_000);
    let signalled = "";
    const begin = async (overdue: AbortSignal) => {
      overdue.addEventListener("abort", () => {
        signalled = ", signalled";
      });
      await clock.sleep(workMs);
      return "done";
    };
    const outcome = deadlines.inTime(begin, limitMs).catch((error) => error.reason);
    await clock.advance(20_000);
    assert.equal(`${await outcome}${signalled}`, want);
  });
}
