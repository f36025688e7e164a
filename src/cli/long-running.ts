import type { Logger, LogLevel } from "../lib/log.ts";
import { createLogger } from "../lib/log.ts";

/** The log of a program that runs until it is stopped: lines on standard error. `FAIRLEAD_LOG=debug` shows more. */
export function processLogger(env: NodeJS.ProcessEnv = process.env): Logger {
  const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];
  const level = levels.find((l) => l === env.FAIRLEAD_LOG) ?? "info";
  return createLogger((line) => void process.stderr.write(line), { level });
}

/** Resolves when the process is asked to end. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
