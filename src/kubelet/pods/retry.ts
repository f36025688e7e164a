import { exponentialMs } from "../../lib/back-off.ts";

const RETRY_FIRST_MS = 500;
/** Longest pause between two tries, in milliseconds. */
export const RETRY_MAX_MS = 60_000;

/** The pause after so many failures in a row, in milliseconds: it doubles with each. */
export function retryMs(failures: number): number {
  return exponentialMs(Math.max(0, failures - 1), { initialMs: RETRY_FIRST_MS, maxMs: RETRY_MAX_MS });
}
