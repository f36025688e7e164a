import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "./duration.ts";

const cases: { text: string; want: number }[] = [
  { text: "90s", want: 90_000 },
  { text: "1m30s", want: 90_000 },
  { text: "1.5h", want: 5_400_000 },
  { text: "250ms", want: 250 },
  { text: "0s", want: 0 },
  { text: "1h1m1s1ms", want: 3_661_001 },
  { text: "1.0004s", want: 1000 },
  { text: "596h", want: 596 * 3_600_000 },
];
for (const { text, want } of cases) {
  test(`${text} is ${want} ms`, () => {
    assert.equal(parseDuration(text, "--wait"), want);
  });
}

for (const text of ["", "90", "s", "5 m", "5m ", "-5m", "5d", "1m30", "five"]) {
  test(`"${text}" is no duration`, () => {
    assert.throws(() => parseDuration(text, "--wait"), {
      name: "UsageError",
      message: `--wait "${text}" is not a duration: write it like 90s, 5m or 1m30s`,
    });
  });
}

test("a duration that no timer can wait is refused", () => {
  assert.throws(() => parseDuration("597h", "--wait"), { name: "UsageError", message: /at most 596h/ });
});
