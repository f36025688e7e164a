import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { instance, testPod } from "../testing/pods.testing.ts";
import { repeatProbe } from "./repeat-probe.ts";

const EMPTY = new Uint8Array();

const rows: { name: string; tookMs: number; wantMs: number[] }[] = [
  { name: "a probe is repeated once in its period", tookMs: 0, wantMs: [0, 1_000, 2_000, 3_000] },
  { name: "what a probe takes is part of its period", tookMs: 300, wantMs: [0, 1_000, 2_000, 3_000] },
  { name: "a probe that takes longer is repeated at once", tookMs: 1_500, wantMs: [0, 1_500, 3_000] },
];

for (const { name, tookMs, wantMs } of rows) {
  test(name, async () => {
    const clock = createFakeClock(0);
    const startsMs: number[] = [];
    const abort = new AbortController();
    const probing = repeatProbe({
      kind: "readiness",
      probe: {
        exec: { command: ["check"] },
        initialDelaySeconds: 0,
        periodSeconds: 1,
        timeoutSeconds: 2,
        successThreshold: 1,
        failureThreshold: 1,
      },
      target: { pod: testPod(), container: container(), instance: instance("app"), podIP: "", adopted: undefined },
      entry: { tally: { settled: undefined, last: undefined, inARow: 0 }, abort },
      runtime: {
        async execSync() {
          startsMs.push(clock.now());
          await clock.sleep(tookMs);
          return { exitCode: 0, stdout: EMPTY, stderr: EMPTY };
        },
      },
      events: { record: () => {} },
      clock,
      onChange: () => {},
    }).catch(() => {}); // It rejects where it is ended in a pause.
    await clock.advance(3_100);
    assert.deepEqual(startsMs, wantMs);
    abort.abort();
    await clock.advance(tookMs);
    await probing;
  });
}

function container() {
  const [first] = testPod().spec.containers;
  assert.ok(first !== undefined);
  return first;
}
