import { StatusError } from "@fairlead/api/status-error";
import type { LogLevel } from "@fairlead/lib/log";
import { isConnectionError } from "./transport/connection-error.ts";

/** Grace period during which an unreachable API server is logged at debug: a cluster's parts start side by side. */
const START_PATIENCE_MS = 10_000;

/** Where a program stands that tries something against the API server again and again. */
export interface Attempts {
  /** How long it has been trying without success, in milliseconds. */
  readonly sinceMs: number;
  /** Whether it has ever succeeded. */
  readonly everSucceeded: boolean;
}

/**
 * The level at which to log a failed attempt that is retried: low while the server may still be starting, in which
 * time it cannot be reached, or does not know yet who may do what.
 */
export function attemptLevel(
  error: unknown,
  { sinceMs, everSucceeded }: Attempts,
): Extract<LogLevel, "debug" | "warn"> {
  const mayPass = isConnectionError(error) || (error instanceof StatusError && error.reason === "Forbidden");
  return mayPass && !everSucceeded && sinceMs < START_PATIENCE_MS ? "debug" : "warn";
}
