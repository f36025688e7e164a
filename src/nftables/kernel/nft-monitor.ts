import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";

/** The kernel's events of deleted tables. Only these are printed: changes within tables cost no time here. */
const MONITOR = ["setpriv", "--pdeathsig", "KILL", "nft", "monitor", "destroy", "tables"] as const;

/** Pause before the monitor is started again after it has ended, in milliseconds. */
const RESTART_MS = 30_000;

export interface NftMonitor extends Running {
  /** `listener` is called after tables were deleted, by this program or another, and when events may have been missed. */
  onTablesDeleted(listener: () => void): void;
}

export interface NftMonitorOptions {
  readonly log: Logger;
  readonly clock: Clock;
  /** Default: `nft monitor destroy tables`, which the kernel kills when this process ends. */
  readonly command?: readonly [string, ...string[]];
}

/**
 * Follows deletions of tables in the packet filter of this process's network namespace: another program may flush the
 * ruleset.
 *
 * The monitor's output is not parsed: every listener checks its own table. It has lines for lost events as well. What it
 * complains about does not count: it forgets sets when a rule that names them is deleted (nftables 1.0.6, src/monitor.c), and
 * warns of each of their elements from then on.
 */
export function startNftMonitor({ log, clock, command = MONITOR }: NftMonitorOptions): NftMonitor {
  const listeners: (() => void)[] = [];
  const report = () => {
    for (const listener of listeners) listener();
  };

  let isFirst = true;

  async function turn(signal: AbortSignal): Promise<number> {
    if (!isFirst) report(); // Of what was deleted meanwhile.
    isFirst = false;
    const error = await runMonitor(command, report, signal);
    if (!signal.aborted) log.debug("The monitor of the packet filter ended", { error, restartMs: RESTART_MS });
    return RESTART_MS;
  }

  return {
    ...startLoop({ turn, clock }),
    onTablesDeleted: (listener) => void listeners.push(listener),
  };
}

/** Resolves when the program has ended, with the reason if it could not be started. Never rejects. */
async function runMonitor(
  [program, ...args]: readonly [string, ...string[]],
  onOutput: () => void,
  signal: AbortSignal,
): Promise<Error | undefined> {
  try {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], signal });
    return await new Promise((resolve) => {
      let failure: Error | undefined;
      child.on("error", (error) => (failure = error));
      child.on("close", () => resolve(failure));
      // Absent when there were no descriptors for it.
      (child.stdout as Readable | undefined)?.on("data", onOutput);
    });
  } catch (error) {
    return error as Error; // Too little memory.
  }
}
