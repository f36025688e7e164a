import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "./clock.ts";
import { silentLogger } from "./log.ts";
import { startNftMonitor } from "./nft-monitor.ts";

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

test("output of either kind is reported, and stopping ends the program", async () => {
  for (const say of ["echo 'delete table ip t'", "echo 'lost events' >&2"]) {
    const { monitor, reported, pauses } = start(["sh", "-c", `${say}; exec sleep 600`]);
    await reported();
    assert.deepEqual(pauses, []);
    await monitor.stop();
  }
});

test("a monitor that ended or cannot be started is started again, and what it missed is reported", async () => {
  for (const command of [["true"], ["/no/such/program"]] as const) {
    const { monitor, reported, pauses } = start(command);
    await reported();
    await reported();
    await monitor.stop();
    assert.deepEqual([...new Set(pauses)], [30_000]);
  }
});
