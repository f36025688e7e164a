import { UsageError } from "./define-command.ts";

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** What a timer of Node's can wait: almost 25 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Whole milliseconds of a duration as Go and kubectl write it: `90s`, `1m30s`, `1.5h`.
 *
 * @throws {UsageError} naming the flag.
 */
export function parseDuration(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new UsageError(`${flag} "${text}" is not a duration: write it like 90s, 5m or 1m30s`);
  }
  const ms = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS_MS[unit ?? "s"] ?? 0), 0);
  if (ms > LONGEST_MS) throw new UsageError(`${flag} "${text}" is too long: must be at most 596h`);
  return Math.round(ms);
}
