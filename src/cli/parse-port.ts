import { UsageError } from "./define-command.ts";

/**
 * The number of a TCP or UDP port.
 *
 * @throws {UsageError} naming the flag.
 */
export function parsePort(text: string, flag: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`${flag} "${text}" must be between 1 and 65535`);
}
