import { systemClock } from "@fairlead/lib/clock";
import { ownMemory, startIdleCollection } from "@fairlead/lib/idle-collection";
import type { Logger, LogLevel } from "@fairlead/lib/log";
import { createLogger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";

/** The log of a program that runs until it is stopped: lines on standard error. `FAIRLEAD_LOG=debug` shows more. */
export function processLogger(env: NodeJS.ProcessEnv = process.env): Logger {
  const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];
  const level = levels.find((l) => l === env.FAIRLEAD_LOG) ?? "info";
  return createLogger((line) => void process.stderr.write(line), { level });
}

/** How a program runs. */
export interface RunProgramOptions {
  readonly log: Logger;
  /**
   * Once it has had nothing to do for some minutes, its compiled code is dropped: some MiB, and what runs next is compiled again,
   * which may take 50 ms. Default: false.
   */
  readonly dropsCode?: boolean;
}

/**
 * Runs a program until the process is asked to end, and stops it then. Answers the exit code.
 *
 * Asked before the program has started, it does not wait for that: it may be waiting for an API server that never comes.
 */
export async function runProgram(
  starting: Promise<Running>,
  signal: AbortSignal,
  { log, dropsCode = false }: RunProgramOptions,
): Promise<number> {
  const program = await Promise.race([starting, untilAborted(signal)]);
  if (program === undefined) {
    starting.catch(() => {}); // What it has begun goes with the process.
    log.info("Stopping before everything has started");
    return 0;
  }
  const collectSettled = dropsCode ? ownMemory.collectWithCode : ownMemory.collect;
  const collecting = startIdleCollection({ ...ownMemory, collectSettled, clock: systemClock });
  await untilAborted(signal);
  await collecting.stop();
  log.info("Stopping");
  await program.stop();
  return 0;
}

/** Resolves when the process is asked to end. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
