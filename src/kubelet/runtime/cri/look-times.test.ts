import assert from "node:assert/strict";
import { test } from "node:test";
import { createLookTimes } from "./look-times.ts";

const rows: { name: string; events: number[]; isFollowed?: boolean; want: number[] }[] = [
  { name: "without events, at every interval", events: [], isFollowed: false, want: [0, 500, 1_000, 1_500] },
  { name: "while events would arrive, seldom", events: [], want: [0, 60_000, 120_000] },
  { name: "soon after an event, and once more", events: [3_000], want: [0, 3_020, 3_500, 63_500] },
  { name: "after two events at once, as after one", events: [3_000, 3_001], want: [0, 3_020, 3_501, 63_501] },
  { name: "not twice in a short time", events: [3_000, 3_030], want: [0, 3_020, 3_220, 3_530, 63_530] },
  {
    name: "again and again in a storm of events",
    events: Array.from({ length: 100 }, (_, i) => 3_000 + i * 10),
    want: [0, 3_020, 3_220, 3_420, 3_620, 3_820, 4_020, 4_490, 64_490],
  },
  { name: "no later than without events", events: [450], isFollowed: false, want: [0, 470, 950, 1_450] },
];

for (const { name, events, isFollowed = true, want } of rows) {
  test(`a runtime is looked at ${name}`, () => {
    const times = createLookTimes(500);
    const coming = [...events];
    const looks: number[] = [];
    for (let nowMs = 0; looks.length < want.length && nowMs < 130_000; nowMs++) {
      while (coming[0] === nowMs) times.event(coming.shift() ?? 0);
      if (times.dueMs(isFollowed) > nowMs) continue;
      times.look(nowMs);
      looks.push(nowMs);
    }
    assert.deepEqual(looks, want);
  });
}
