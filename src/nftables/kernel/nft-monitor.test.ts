import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@fairlead/lib/clock";
import { silentLogger } from "@fairlead/lib/log";
import { runStarved } from "@fairlead/lib/starved.testing";
import { startNftMonitor } from "./nft-monitor.ts";

/** Longer than the system takes an argument: `spawn` itself throws. */
const TOO_LONG = "x".repeat(200_000);

/** Starts a monitor on `command`, whose pauses end at once, and gives a promise of its next report. */
function start(command: readonly [string, ...string[]]) {
  const pauses: number[] = [];
  const clock = {
    ...systemClock,
    async sleep(ms: number, signal?: AbortSignal) {
      pauses.push(ms);
      await systemClock.sleep(1, signal);
    },
  };
  const monitor = startNftMonitor({ log: silentLogger, clock, command });
  const reported = () => new Promise<void>((resolve) => monitor.onTablesDeleted(resolve));
  return { monitor, reported, pauses };
}

test("output is reported, warnings are not, and stopping ends the program", async () => {
  const { monitor, reported, pauses } = start([
    "sh",
    "-c",
    "echo 'W: warning' >&2; echo 'delete table ip t'; exec sleep 600",
  ]);
  let reports = 0;
  monitor.onTablesDeleted(() => (reports += 1));
  await reported();
  assert.deepEqual(pauses, []);
  // The program's streams are read to their ends.
  await monitor.stop();
  assert.equal(reports, 1);
});

test("a monitor that ended or cannot be started is started again, and what it missed is reported", async () => {
  for (const command of [["true"], ["/no/such/program"], ["true", TOO_LONG]] as const) {
    const { monitor, reported, pauses } = start(command);
    await reported();
    await reported();
    await monitor.stop();
    assert.deepEqual([...new Set(pauses)], [30_000]);
  }
});

test("a monitor without descriptors for its pipe is started again", async () => {
  const url = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const text = `
    import { systemClock } from ${url("../../lib/clock.ts")};
    import { silentLogger } from ${url("../../lib/log.ts")};
    import { startNftMonitor } from ${url("./nft-monitor.ts")};
    const clock = { ...systemClock, sleep: async () => void feed() };
    starve(3);
    const monitor = startNftMonitor({ log: silentLogger, clock, command: ["echo", "deleted"] });
    await new Promise((resolve) => monitor.onTablesDeleted(resolve));
    await monitor.stop();
    console.log("reported");`;
  assert.equal(await runStarved(text), "reported\n");
});
